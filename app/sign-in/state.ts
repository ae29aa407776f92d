/** What the sign-in form shows after a try; never the password. */
export interface SignInState {
  readonly error: string | null;
  readonly identifier: string;
  readonly remember: boolean;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_SIGN_IN_STATE: SignInState = {
  error: null,
  identifier: "",
  remember: false,
  attempt: 0,
};

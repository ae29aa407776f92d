/** What the sign-in form shows after a try; never the password. */
export interface SignInState {
  readonly error: string | null;
  /** The password is right, and the address waits to be confirmed: the mail can be sent again. */
  readonly isUnconfirmed: boolean;
  readonly identifier: string;
  readonly remember: boolean;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_SIGN_IN_STATE: SignInState = {
  error: null,
  isUnconfirmed: false,
  identifier: "",
  remember: false,
  attempt: 0,
};

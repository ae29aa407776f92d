/** What the form shows after a try; never the password. */
export interface SignUpState {
  readonly typed: { readonly username: string; readonly email: string; readonly name: string };
  /** By field. */
  readonly errors: Readonly<Record<string, readonly string[] | undefined>>;
  readonly refusal: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_SIGN_UP_STATE: SignUpState = {
  typed: { username: "", email: "", name: "" },
  errors: {},
  refusal: null,
  attempt: 0,
};

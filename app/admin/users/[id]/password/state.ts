/** The question, with why it came to nothing; or the password, which is shown this once. */
export interface TemporaryPasswordState {
  readonly password: string | null;
  readonly error: string | null;
}

export const INITIAL: TemporaryPasswordState = { password: null, error: null };

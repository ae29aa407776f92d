/** What the form shows after a try. */
export interface EmailState {
  readonly email: string;
  readonly error: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_EMAIL_STATE: EmailState = { email: "", error: null, attempt: 0 };

/** What the form shows after a try; never the password. */
export interface ReauthenticateState {
  readonly error: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_STATE: ReauthenticateState = { error: null, attempt: 0 };

/** What the form shows after a try; never the code. */
export interface SecondFactorState {
  readonly error: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_STATE: SecondFactorState = { error: null, attempt: 0 };

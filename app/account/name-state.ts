/** What the form of one's name shows after a try. */
export interface NameState {
  /** As it was typed; null before the first try. */
  readonly name: string | null;
  readonly error: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_NAME_STATE: NameState = { name: null, error: null, attempt: 0 };

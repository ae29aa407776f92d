/** What a form shows that asks for a mail by a user name or an address. */
export interface AskState {
  readonly error: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_ASK_STATE: AskState = { error: null, attempt: 0 };

/** What a form behind a mail's link shows after a try; never a password. */
export interface LinkFormState {
  /** By field. */
  readonly errors: Readonly<Record<string, readonly string[] | undefined>>;
  /** Why nothing was done. */
  readonly refusal: string | null;
  /** Counts the tries, so that the same error twice is still news. */
  readonly attempt: number;
}

export const INITIAL_LINK_STATE: LinkFormState = { errors: {}, refusal: null, attempt: 0 };

export const LINK_OVER_WORDS = "This link no longer works. Ask for a new one.";

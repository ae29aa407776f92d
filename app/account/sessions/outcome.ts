/** What came of ending a session, in words. */
export interface Outcome {
  readonly words: string;
  readonly isError: boolean;
}

export const UNREACHABLE: Outcome = {
  words: "We could not be reached, so nothing was ended. Check your connection and try again.",
  isError: true,
};

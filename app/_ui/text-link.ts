/** The look of a link among words. */
export const TEXT_LINK =
  "rounded-sm font-medium text-accent-text underline-offset-4 wrap-anywhere hover:underline";

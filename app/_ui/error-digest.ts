/** The id under which the server logged this error; nothing else of an error is for the reader. */
export function errorDigest(error: unknown): string | null {
  if (!(error instanceof Error) || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}

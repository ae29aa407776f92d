const DUPLICATE_ENTRY = 1062;
// At the end: what stands before quotes the value, which somebody typed.
const KEY = /for key '(?:[^'.]+\.)?([^'.]+)'$/;

/** The unique key that a write would have broken; null when an error says something else. */
export function duplicateKeyOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (!("errno" in error)) return duplicateKeyOf(error.cause);
  if (error.errno !== DUPLICATE_ENTRY) return null;
  return KEY.exec(error.message)?.[1] ?? "";
}

const NAME = "DatabaseUnavailable";

/**
 * The database could not be asked or did not answer in time. Never "signed out": whoever catches
 * it must leave the cookie alone and answer 503.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = NAME;

  constructor(cause: unknown) {
    super("The database cannot be reached", { cause });
  }
}

/** Whether an error, or what caused it, is the database being away (drizzle wraps errors). */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // By its name: pages and handlers have copies of this class of their own, and share connections.
  return error.name === NAME || isDatabaseUnavailable(error.cause);
}

/** The server's error number of an error or of what caused it; null when there is none. */
export function databaseErrorNumber(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ("errno" in error && typeof error.errno === "number") return error.errno;
  return databaseErrorNumber(error.cause);
}

// Of what is no text, too: the message tells them apart.
const INCORRECT_VALUE = 1366;
// Compared with a column (MariaDB; MySQL), and as a parameter of a prepared statement (MySQL).
const OTHER_LETTERS = new Set([1267, 3854, 3988]);

/**
 * Whether a table was asked to keep or to find letters that its character set does not have. Ours take
 * all; one that somebody has converted does not, and `manage check` says so.
 */
export function isUnstorableText(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const number = "errno" in error ? Number(error.errno) : 0;
  const isRefused = number === INCORRECT_VALUE && /incorrect string value/i.test(error.message);
  return isRefused || OTHER_LETTERS.has(number) || isUnstorableText(error.cause);
}

// Too many connections, shutting down, read-only, out of a cluster's quorum, killed, disk full.
const AWAY = new Set([
  1040, 1053, 1203, 1290, 1836, 1792, 1047, 1317, 1927, 3024, 1969, 1021, 1114,
]);

/** Whether the connection that raised this error can be used no more. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("fatal" in error && error.fatal === true) return true;
  const code = "code" in error ? String(error.code) : "";
  return /^(PROTOCOL_|ECONN|ETIMEDOUT|EPIPE)/.test(code) || /closed state/.test(error.message);
}

/** Whether the server answered that it cannot serve now, or the connection broke. */
export function isOutage(error: unknown): boolean {
  return isConnectionLost(error) || AWAY.has(databaseErrorNumber(error) ?? 0);
}

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

import { BlocklistUnavailable } from "@/lib/auth/blocklist";
import { HashingBusy } from "@/lib/auth/password-threads";
import { CLOSED_WORDS, Throttled } from "@/lib/auth/throttle";
import { isDatabaseUnavailable, isUnstorableText } from "@/lib/db/errors";
import { log } from "@/lib/log";

const BUSY = "Too many people are signing in right now. Try again in a moment.";
const AWAY = "We cannot reach our database right now. Nothing is lost: try again in a moment.";
const UNCHECKED =
  "New passwords cannot be checked right now. Nothing was changed: try again in a moment.";
const UNSTORABLE =
  "This site cannot keep some of these characters, such as emoji. Leave them out, or tell whoever runs it.";

/** Why a password was not looked at, for the person who typed it. Throws whatever else went wrong. */
export function refusalWords(error: unknown): string {
  if (error instanceof Throttled)
    return error.isClosed ? CLOSED_WORDS : tryAgainWords(error.retryAfterSeconds);
  if (error instanceof HashingBusy) return BUSY;
  if (error instanceof BlocklistUnavailable) return UNCHECKED;
  if (isUnstorableText(error)) {
    log().error({ err: error }, "a column of text is not utf8mb4: manage check names it");
    return UNSTORABLE;
  }
  if (!isDatabaseUnavailable(error)) throw error;
  log().error({ err: error }, "the database cannot be reached");
  return AWAY;
}

// Rounded up: never too early.
function tryAgainWords(retryAfterSeconds: number): string {
  const [count, unit] =
    retryAfterSeconds < 60
      ? [retryAfterSeconds, "second"]
      : retryAfterSeconds < 3600
        ? [Math.ceil(retryAfterSeconds / 60), "minute"]
        : [Math.ceil(retryAfterSeconds / 3600), "hour"];
  return `Too many tries. Try again in ${count} ${unit}${count === 1 ? "" : "s"}.`;
}

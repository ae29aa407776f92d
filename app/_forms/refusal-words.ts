import type { Busy } from "@/lib/auth/password-threads";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { isDatabaseUnavailable, isUnstorableText } from "@/lib/db/errors";
import { log } from "@/lib/log";
import { CLOSED_WORDS } from "@/lib/request/problem";

const BUSY = "Too many people are signing in right now. Try again in a moment.";
const AWAY = "We cannot reach our database right now. Nothing is lost: try again in a moment.";
const UNSTORABLE =
  "This site cannot keep some of these characters, such as emoji. Leave them out, or tell whoever runs it.";

/** Why a password was not looked at, for the person who typed it. */
export function refusalWords(refused: Throttled | Busy): string {
  switch (refused.refused) {
    case "throttled":
      return refused.isClosed ? CLOSED_WORDS : tryAgainWords(refused.retryAfterSeconds);
    case "busy":
      return BUSY;
  }
}

/** What keeps this site from doing it, for the person who asked. Throws whatever else went wrong. */
export function troubleWords(error: unknown): string {
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

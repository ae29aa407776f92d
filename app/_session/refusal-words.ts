import { tryAgainWords } from "@/app/_session/try-again-words";
import { HashingBusy } from "@/lib/account/hashing-threads";
import { Throttled } from "@/lib/account/throttle";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";

const BUSY = "Too many people are signing in right now. Try again in a moment.";
const AWAY = "We cannot reach our database right now. Nothing is lost: try again in a moment.";

/** Why a password was not looked at, for the person who typed it. Throws whatever else went wrong. */
export function refusalWords(error: unknown): string {
  if (error instanceof Throttled) return tryAgainWords(error.retryAfterSeconds);
  if (error instanceof HashingBusy) return BUSY;
  if (!isDatabaseUnavailable(error)) throw error;
  log().error({ err: error }, "the database cannot be reached");
  return AWAY;
}

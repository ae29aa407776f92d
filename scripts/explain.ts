import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { databaseErrorNumber, isDatabaseUnavailable } from "@/lib/db/errors";
import { isRefused } from "@/lib/refused";
import { type UserRefusal, userRefusalWords } from "@/lib/users/refusals";
import { Problem, reasonOf } from "./program";

const NO_SUCH_TABLE = 1146;

/** Why a command failed, for the person who ran it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDatabaseUnavailable(error))
    return `The database cannot be reached: ${rootCause(error)}. Look at DATABASE_URL.`;
  if (databaseErrorNumber(error) === NO_SUCH_TABLE)
    return "The database has no tables yet. Make them with: npm run db:migrate";
  return error.message;
}

type Refusal = UserRefusal | UnfitPassword | Busy;

/** What a verb gave. Throws a Problem that says why it did nothing. */
export function taken<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Problem(refusalWords(result));
  return result;
}

const isRefusal = (result: unknown): result is Refusal => isRefused(result);

function refusalWords(refusal: Refusal): string {
  switch (refusal.refused) {
    case "busy":
      return "Too many passwords wait to be hashed. Try again in a moment.";
    case "unfit_password":
      return refusal.fault;
    case "last_administrator":
      return `${userRefusalWords(refusal)} Or say that it is meant, with --force.`;
    default:
      return userRefusalWords(refusal);
  }
}

function rootCause(error: Error): string {
  return error.cause instanceof Error ? rootCause(error.cause) : reasonOf(error);
}

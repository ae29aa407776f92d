import { databaseErrorNumber, isDatabaseUnavailable } from "@/lib/db/errors";
import { LockingOut } from "@/lib/users/administrators";
import { reasonOf } from "./program";

const NO_SUCH_TABLE = 1146;

/** Why a command failed, for the person who ran it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LockingOut) return `${error.message} Or say that it is meant, with --force.`;
  if (isDatabaseUnavailable(error))
    return `The database cannot be reached: ${rootCause(error)}. Look at DATABASE_URL.`;
  if (databaseErrorNumber(error) === NO_SUCH_TABLE)
    return "The database has no tables yet. Make them with: npm run db:migrate";
  return error.message;
}

function rootCause(error: Error): string {
  return error.cause instanceof Error ? rootCause(error.cause) : reasonOf(error);
}

import "server-only";
import { and, eq } from "drizzle-orm";
import { hashPassword, isOutdatedHash, isPasswordOver, verifyPassword } from "@/lib/auth/password";
import {
  type Client,
  type HowToCheck,
  tryPassword,
  type WrongBecause,
  wrongBecause,
} from "@/lib/auth/password-attempt";
import { LONGEST_PASSWORD, passwordLength } from "@/lib/auth/password-length";
import type { Busy } from "@/lib/auth/password-threads";
import type { Right, Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { db } from "@/lib/db/connection";
import { databaseErrorNumber } from "@/lib/db/errors";
import { users } from "@/lib/db/schema";
import { log } from "@/lib/log";
import { isRefused } from "@/lib/refused";
import type { User } from "@/lib/users/user";
import { findByIdentifier, findPasswordHash } from "@/lib/users/users";

/** What somebody gave to be let in. */
export interface Credentials {
  /** A user name or an e-mail. */
  readonly identifier: string;
  readonly password: string;
}

/** A user whose password has just been checked, and the hash of it that is in their row. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/**
 * The user whom the credentials belong to. Unknown, wrong, run out and disabled cost the same work
 * and look the same (ASVS 6.3.8); the log alone tells them apart.
 */
export async function checkCredentials(
  { identifier, password }: Credentials,
  client: Client,
  now: Date,
): Promise<Verified | Wrong | Throttled | Busy> {
  const found = await findByIdentifier(identifier);
  const account = found && { ...found.user, knownBrowsersSince: found.knownBrowsersSince };
  const check = (how: HowToCheck) => judge(found, password, how, now);
  const result = await tryPassword({ typed: identifier, account, client }, check, now);
  if (isRefused(result)) return result;
  const { user } = result.right;
  return { user, passwordHash: await upgradeHash(result.right, password) };
}

// Does equal work whatever the cause: nobody can tell by the time.
async function judge(
  found: Verified | null,
  password: string,
  { isLookedAt, isKnown }: HowToCheck,
  now: Date,
): Promise<Right<Verified> | WrongBecause | Busy> {
  const isTooLong = passwordLength(password) > LONGEST_PASSWORD;
  const verdict = await verifyPassword(
    isTooLong ? "" : password,
    found && isLookedAt && !isTooLong ? found.passwordHash : null,
    isKnown ? "known" : "stranger",
  );
  if (isRefused(verdict)) return verdict;
  if (!found) return wrongBecause("unknown");
  if (!verdict.fits) return wrongBecause("wrong_password");
  if (isPasswordOver(found.user, now)) return wrongBecause("temporary_password_over");
  return found.user.status === "active" ? { right: found } : wrongBecause("disabled");
}

/**
 * Hashes a password anew, which has just proved right, where its hash is of another system or of a
 * lower cost. The hash to go on with: the one that the user's row has now, if it is of this
 * password. No trouble of it is in the way of the sign-in: then it is the old one, for another time.
 */
export async function upgradeHash(verified: Verified, password: string): Promise<string> {
  const { user, passwordHash } = verified;
  if (!isOutdatedHash(passwordHash)) return passwordHash;
  try {
    return await replaceHash(verified, password);
  } catch (error) {
    // Not the error itself: what the statement was given is a part of it, the hash included.
    const why = { userId: user.id, error: nameOf(error), errno: databaseErrorNumber(error) };
    log().warn(why, "a password could not be hashed anew");
    return passwordHash;
  }
}

async function replaceHash({ user, passwordHash: old }: Verified, password: string) {
  const fresh = await hashPassword(password);
  if (isRefused(fresh)) return old;
  const [result] = await db()
    .update(users)
    .set({ passwordHash: fresh })
    // A password that is changed meanwhile wins.
    .where(and(eq(users.id, user.id), eq(users.passwordHash, old)));
  if (result.affectedRows > 0) return fresh;
  // Another sign-in of theirs may have been quicker; after a change, the old one lets nobody in.
  const current = await findPasswordHash(user.id);
  if (current === null) return old;
  const verdict = await verifyPassword(password, current, "known");
  return !isRefused(verdict) && verdict.fits ? current : old;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : "unknown");

import "server-only";
import { createHash, createHmac, randomInt } from "node:crypto";
import { and, eq } from "drizzle-orm";
import {
  hashForDjango,
  ownedByDjango,
  presentHash,
  writeAtDjango,
} from "@/lib/auth/django-password";
import { type HowToVerify, type WrongBecause, wrongBecause } from "@/lib/auth/password-attempt";
import {
  bcryptComparison,
  bcryptCost,
  legacyComparison,
  standInComparison,
} from "@/lib/auth/password-formats";
import { LONGEST_PASSWORD, passwordLength } from "@/lib/auth/password-length";
import {
  type Busy,
  compareInThread,
  hashInThread,
  type PaddedComparison,
  type Place,
  type Verdict,
} from "@/lib/auth/password-threads";
import type { Right } from "@/lib/auth/throttle";
import { db } from "@/lib/db/connection";
import { databaseErrorNumber } from "@/lib/db/errors";
import { users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import { endAllTrust } from "@/lib/factors/trusted-browsers";
import { log } from "@/lib/log";
import { isRefused } from "@/lib/refused";
import type { User } from "@/lib/users/user";
import { findPasswordHash } from "@/lib/users/users";

/** Says how the bcrypt hash behind it was made; hashes from elsewhere have marks of their own. */
const MARK = "gatehouse1";

/** The hash of a password to store. */
export async function hashPassword(password: string): Promise<string | Busy> {
  const bcrypt = await hashInThread(preHash(password), settings().PASSWORD_HASH_COST);
  return isRefused(bcrypt) ? bcrypt : `${MARK}${bcrypt}`;
}

/** The hash of a user's own new password: as Django makes it while that site's table owns it. */
export async function hashOwnPassword(userId: number, password: string): Promise<string | Busy> {
  const subject = await ownedByDjango(userId);
  return subject === null ? hashPassword(password) : hashForDjango(password, subject);
}

/**
 * Whether a password fits a stored hash, ours or one of another system. Null for no user: for that,
 * and for a hash that is unusable, unknown or too costly, the work of a hash of ours is done and
 * the answer is no, so that the time tells nothing (ASVS 6.3.8). Who is known to the account waits in
 * another line than strangers.
 */
export async function verifyPassword(
  password: string,
  stored: string | null,
  place: Place = "stranger",
): Promise<Verdict | Busy> {
  const comparison = stored === null ? null : comparisonOf(password, stored);
  const verdict = await compareInThread(comparison ?? standInComparison(preHash(password)), place);
  return comparison === null && !isRefused(verdict) ? { fits: false } : verdict;
}

/** Whether some password may fit this hash: it is one that is understood. */
export function isUsableHash(stored: string): boolean {
  return comparisonOf("", stored) !== null;
}

/** Whether a hash is to be made anew when its password is known: foreign, or of a lower cost. */
export function isOutdatedHash(stored: string): boolean {
  const cost = stored.startsWith(MARK) ? bcryptCost(stored.slice(MARK.length)) : null;
  return cost === null || cost < settings().PASSWORD_HASH_COST;
}

function comparisonOf(password: string, stored: string): PaddedComparison | null {
  if (!stored.startsWith(MARK)) return legacyComparison(password, stored);
  return bcryptComparison(preHash(password), stored.slice(MARK.length));
}

// No letters or digits that are mistaken for one another.
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const LEAST_GROUPS = 5;
const GROUP_LENGTH = 5;

/**
 * A random password that a person can copy by hand: 123 bits, or as many more as
 * `PASSWORD_MIN_LENGTH` asks for.
 */
export function generatePassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const needed = Math.ceil((settings().PASSWORD_MIN_LENGTH + 1) / (GROUP_LENGTH + 1));
  return Array.from({ length: Math.max(LEAST_GROUPS, needed) }, group).join("-");
}

/** A password for somebody else, and what is stored of it. */
export interface PasswordForAnother {
  readonly password: string;
  readonly passwordHash: string;
}

/**
 * Generates a password for somebody else. Hashing takes its time: whoever is to be judged at the
 * moment of writing asks for it before.
 */
export async function passwordForAnother(): Promise<PasswordForAnother | Busy> {
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  return isRefused(passwordHash) ? passwordHash : { password, passwordHash };
}

const GROUP = `[${ALPHABET}]{${GROUP_LENGTH}}`;
const GENERATED = new RegExp(`^${GROUP}(-${GROUP}){${LEAST_GROUPS - 1},}$`);

/** Whether a password may be one that was generated, and so is known to whoever made it. */
export function mayBeGenerated(password: string): boolean {
  return GENERATED.test(password);
}

/**
 * bcrypt reads 72 bytes and no more: a keyed digest first makes every byte of the password count,
 * and base64 leaves no NUL in it. The key is a label, not a pepper: a pepper could never be
 * rotated. It is a constant, whatever the site is called: under another one no password fits. NFC, so that the same letters from another keyboard fit (NIST 800-63B).
 */
function preHash(password: string): string {
  return createHmac("sha384", "gatehouse password v1")
    .update(password.normalize("NFC"))
    .digest("base64");
}

/** How long a password that somebody else made is good for. */
export const TEMPORARY_PASSWORD_DAYS = 7;

const DAY_MS = 86_400_000;

type PasswordFacts = Pick<User, "passwordIsTemporary" | "passwordSetAt">;

/** When a user's temporary password is over; null where the password is their own. */
export function temporaryPasswordEnd({ passwordIsTemporary, passwordSetAt }: PasswordFacts) {
  if (!passwordIsTemporary) return null;
  // Of one that nobody noted the time of it is not known how long it has been about.
  return new Date((passwordSetAt?.getTime() ?? 0) + TEMPORARY_PASSWORD_DAYS * DAY_MS);
}

/** Whether a user's password was temporary and its time is up: it fits no more (ASVS 6.4.1). */
export function isPasswordOver(user: PasswordFacts, now: Date): boolean {
  const end = temporaryPasswordEnd(user);
  return end !== null && now >= end;
}

/** A password as it is stored. */
export interface StoredPassword {
  readonly passwordHash: string;
  readonly passwordSetAt: Date;
  /** Said by whoever writes one: a password that its maker knows must not pass for one's own. */
  readonly passwordIsTemporary: boolean;
}

/** Replaces a password. */
export async function writePassword(
  executor: Executor,
  userId: number,
  password: StoredPassword,
): Promise<void> {
  await executor.update(users).set(password).where(eq(users.id, userId));
  await endAllTrust(executor, userId);
  await writeAtDjango(executor, userId, password);
}

/** A user, and the hash of a password that is in their row. */
export interface Stored {
  readonly user: User;
  readonly passwordHash: string;
}

/**
 * Whether a password is that of a user who may sign in: unknown, wrong, too long, run out and
 * disabled cost the same work. The cause is for the log alone.
 */
export async function proveByPassword(
  known: Stored | null,
  password: string,
  { isLookedAt, isKnown }: HowToVerify,
  now: Date,
): Promise<Right<Stored> | WrongBecause | Busy> {
  const found = known && { ...known, passwordHash: await presentHash(known) };
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
  return found.user.status === "active"
    ? { right: found, isEnough: true }
    : wrongBecause("disabled");
}

/**
 * Hashes a password anew, which has just proved right, where its hash is of another system or of a
 * lower cost. The hash to go on with: the one that the user's row has now, if it is of this
 * password. No trouble of it is in the way of the sign-in: then it is the old one, for another time.
 */
export async function upgradeHash(stored: Stored, password: string): Promise<string> {
  const { user, passwordHash } = stored;
  if (!isOutdatedHash(passwordHash) || (await ownedByDjango(user.id))) return passwordHash;
  try {
    return await replaceHash(stored, password);
  } catch (error) {
    // Not the error itself: what the statement was given is a part of it, the hash included.
    const why = { userId: user.id, error: nameOf(error), errno: databaseErrorNumber(error) };
    log().warn(why, "a password could not be hashed anew");
    return passwordHash;
  }
}

async function replaceHash({ user, passwordHash: old }: Stored, password: string) {
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

/** What tells whether a password's hash is still the same, and nothing of it. */
export function printOf(passwordHash: string): string {
  return createHash("sha256").update(passwordHash).digest("base64url");
}

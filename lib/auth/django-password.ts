import "server-only";
import { randomBytes } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { type Busy, deriveInThread } from "@/lib/auth/password-threads";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { findDjangoUser, isBridgeOn, writeDjangoPassword } from "@/lib/django/rows";
import { isSame } from "@/lib/django/signing";
import { endAllTrust } from "@/lib/factors/trusted-browsers";
import { isRefused } from "@/lib/refused";
import { carryPassword } from "@/lib/session/adopted";
import { DJANGO, identityOf } from "@/lib/users/identities";
import { NOBODYS_PASSWORD, type User } from "@/lib/users/user";

/**
 * The primary key at Django of a user whose password that site's table owns: while the bridge is on, and
 * until `django cut-over`. Null where it is ours alone.
 */
export async function ownedByDjango(userId: number, executor?: Executor): Promise<string | null> {
  if (!isBridgeOn()) return null;
  const identity = await identityOf(userId, DJANGO, executor);
  return identity && identity.cutOverAt === null ? identity.subject : null;
}

/** The hash that a user's password has now: that of Django where its table owns it, which is copied here. */
export async function presentHash({
  user,
  passwordHash,
}: {
  readonly user: User;
  readonly passwordHash: string;
}): Promise<string> {
  // A temporary one is known here alone.
  const subject = user.passwordIsTemporary ? null : await ownedByDjango(user.id);
  const owner = subject === null ? null : await findDjangoUser(subject);
  if (!owner || isSame(Buffer.from(owner.password), Buffer.from(passwordHash))) return passwordHash;
  const isStill = and(eq(users.id, user.id), eq(users.passwordHash, passwordHash));
  await db().update(users).set({ passwordHash: owner.password }).where(isStill);
  await endAllTrust(db(), user.id);
  return owner.password;
}

/** Django's own figure for 5.2; a table that asks for more is followed. */
const LEAST_ITERATIONS = 1_000_000;
const SALT_BYTES = 16;

/** A password's hash as Django makes it, which both sites read. */
export async function hashForDjango(password: string, subject: string): Promise<string | Busy> {
  const owner = await findDjangoUser(subject);
  const before = Number(/^pbkdf2_sha256\$(\d+)\$/.exec(owner?.password ?? "")?.[1] ?? 0);
  const iterations = Math.max(before, LEAST_ITERATIONS);
  const salt = randomBytes(SALT_BYTES).toString("hex");
  const key = await deriveInThread(password, { salt, iterations });
  if (isRefused(key)) return key;
  return `pbkdf2_sha256$${iterations}$${salt}$${Buffer.from(key).toString("base64")}`;
}

interface Written {
  readonly passwordHash: string;
  readonly passwordSetAt: Date;
  readonly passwordIsTemporary: boolean;
}

/**
 * Writes a password that was set here to Django's table, if that owns it: in the same transaction where it
 * is the same database. A temporary one opens nothing there: here it opens the page alone that replaces it.
 */
export async function writeAtDjango(
  executor: Executor,
  userId: number,
  { passwordHash, passwordIsTemporary, passwordSetAt: now }: Written,
): Promise<void> {
  const subject = await ownedByDjango(userId, executor);
  if (subject === null) return;
  const isNobodys = passwordIsTemporary || passwordHash.startsWith(NOBODYS_PASSWORD);
  const written = isNobodys ? nobodysAtDjango() : passwordHash;
  await writeDjangoPassword(executor, subject, written);
  await carryPassword(executor, userId, written, now);
}

// Random, as Django's own are: sessions of before must not fit it.
const nobodysAtDjango = () => `${NOBODYS_PASSWORD}${randomBytes(30).toString("base64url")}`;

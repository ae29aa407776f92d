import "server-only";
import { createHash } from "node:crypto";
import { and, asc, count, eq, gt, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import type { DjangoRow } from "@/lib/db/django-row";
import { adoptedSessions } from "@/lib/db/django-schema";
import { duplicateKeyOf } from "@/lib/db/errors";
import { sessions } from "@/lib/db/schema";
import { type Executor, inTransaction, type Transaction } from "@/lib/db/transaction";
import {
  deleteDjangoSessions,
  findDjangoUser,
  insertDjangoSession,
  isBridgeOn,
  passwordPrint,
  renewDjangoSessions,
  rowAtDjango,
} from "@/lib/django/rows";
import { lacksFactor } from "@/lib/factors/policy";
import { DJANGO, identityOf } from "@/lib/users/identities";
import type { User } from "@/lib/users/user";

const DAY_MS = 86_400_000;

/**
 * Spends a key of Django for a session here, by an insert that can succeed only once: false where it was
 * spent before. Its row stays for a day longer than Django's could.
 */
export async function spendKey(
  transaction: Transaction,
  { key, expiresAt }: { readonly key: string; readonly expiresAt: Date },
  { id: sessionId, userId }: { readonly id: string; readonly userId: number },
  now: Date,
): Promise<boolean> {
  const until = new Date(expiresAt.getTime() + DAY_MS);
  const row = { djangoKeyHash: hashOf(key), sessionId, userId, createdAt: now, expiresAt: until };
  try {
    await transaction.insert(adoptedSessions).values(row);
    return true;
  } catch (error) {
    if (duplicateKeyOf(error) === null) throw error;
    return false;
  }
}

/** Whether a key of Django was spent after that moment. */
export async function wasSpentSince(key: string, since: Date): Promise<boolean> {
  const isIt = eq(adoptedSessions.djangoKeyHash, hashOf(key));
  const isSince = gt(adoptedSessions.createdAt, since);
  return (await db().$count(adoptedSessions, and(isIt, isSince))) > 0;
}

/**
 * Signs a user in at Django as well, by a row of its own there: both sites know them. The row; null where
 * they have no account there, or may not use it, and while the bridge is off.
 */
export async function signInAtDjango(
  transaction: Transaction,
  user: User,
  session: { readonly id: string; readonly userId: number; readonly absoluteExpiresAt: Date },
  now: Date,
): Promise<DjangoRow | null> {
  if (!isBridgeOn() || user.passwordIsTemporary || lacksFactor(user)) return null;
  const identity = await identityOf(user.id, DJANGO, transaction);
  if (!identity) return null;
  const owner = await findDjangoUser(identity.subject, transaction);
  if (!owner?.isActive) return null;
  const { absoluteExpiresAt: expiresAt } = session;
  const signIn = { userId: identity.subject, password: owner.password, expiresAt };
  const key = await insertDjangoSession(transaction, signIn, now);
  await spendKey(transaction, { key, expiresAt }, session, now);
  const { userId } = signIn;
  return { key, userId, passwordPrint: passwordPrint(owner.password), expiresAt };
}

/** Deletes Django's rows of the sessions that match: whoever is signed out here is so there. */
export async function signOutAtDjango(
  executor: Executor,
  { ids, userId }: { readonly ids?: readonly string[]; readonly userId?: number },
): Promise<void> {
  if (!isBridgeOn()) return;
  const found = await executor
    .select({ row: sessions.djangoRow })
    .from(sessions)
    .where(
      and(
        isNotNull(sessions.djangoRow),
        ids && inArray(sessions.id, [...ids]),
        userId === undefined ? undefined : eq(sessions.userId, userId),
      ),
    );
  const keys = found.flatMap(({ row }) => (row ? [row.key] : []));
  await deleteDjangoSessions(executor, keys);
}

/** Has a user's sessions go on at Django, too, although their password there is another now. */
export async function carryPassword(
  executor: Executor,
  userId: number,
  storedPassword: string,
  now: Date,
): Promise<void> {
  const isTheirs = and(eq(sessions.userId, userId), isNotNull(sessions.djangoRow));
  const found = await executor
    .select({ id: sessions.id, row: sessions.djangoRow })
    .from(sessions)
    .where(isTheirs);
  const print = passwordPrint(storedPassword);
  for (const { id, row } of found)
    await executor
      .update(sessions)
      .set({ djangoRow: row && { ...row, passwordPrint: print } })
      .where(eq(sessions.id, id));
  const keys = found.flatMap(({ row }) => (row ? [row.key] : []));
  await renewDjangoSessions(executor, keys, storedPassword, now);
}

const isBridged = and(isNotNull(sessions.djangoRow), isNull(sessions.endedAt));

/** How many live sessions go with one at Django. */
export async function countBridged(): Promise<number> {
  const [row] = await db()
    .select({ count: count() })
    .from(adoptedSessions)
    .innerJoin(sessions, eq(sessions.id, adoptedSessions.sessionId))
    .where(isBridged);
  return row?.count ?? 0;
}

/** Has every session here go on by itself. */
export async function forgetDjangoRows(executor: Executor): Promise<void> {
  const ids = executor.select({ id: adoptedSessions.sessionId }).from(adoptedSessions);
  await executor.update(sessions).set({ djangoRow: null }).where(inArray(sessions.id, ids));
}

const KEEP_UP_BATCH = 500;

/**
 * Notes of sessions whose rows at Django would run out within a day how long Django keeps them now: what is
 * gone from there before then was signed out, and what is gone later was cleared away.
 */
export async function keepUpWithDjango(now: Date): Promise<void> {
  if (!isBridgeOn()) return;
  const soon = new Date(now.getTime() + 2 * DAY_MS);
  for (let batch = await runningOut(soon); batch.length > 0; ) {
    for (const { id, row } of batch) {
      const present = row && (await rowAtDjango(row, now));
      if (present && present.expiresAt > row.expiresAt) await writeRow(id, present);
    }
    batch = await runningOut(soon, batch.at(-1)?.hash);
  }
}

async function runningOut(soon: Date, after?: Buffer) {
  const { djangoKeyHash: hash, sessionId, expiresAt } = adoptedSessions;
  return db()
    .select({ hash, id: sessions.id, row: sessions.djangoRow })
    .from(adoptedSessions)
    .innerJoin(sessions, eq(sessions.id, sessionId))
    .where(and(lt(expiresAt, soon), isNotNull(sessions.djangoRow), after && gt(hash, after)))
    .orderBy(asc(hash))
    .limit(KEEP_UP_BATCH);
}

async function writeRow(id: string, djangoRow: DjangoRow): Promise<void> {
  const expiresAt = new Date(djangoRow.expiresAt.getTime() + DAY_MS);
  await inTransaction(async (transaction) => {
    const isLive = and(eq(sessions.id, id), isNotNull(sessions.djangoRow));
    await transaction.update(sessions).set({ djangoRow }).where(isLive);
    const isKey = eq(adoptedSessions.djangoKeyHash, hashOf(djangoRow.key));
    await transaction.update(adoptedSessions).set({ expiresAt }).where(isKey);
  });
}

const PURGE_BATCH = 1000;

/** Forgets keys that nobody can bring any more. How many. */
export async function purgeAdopted(now: Date): Promise<number> {
  const [result] = await db()
    .delete(adoptedSessions)
    .where(lt(adoptedSessions.expiresAt, now))
    .limit(PURGE_BATCH);
  return result.affectedRows;
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

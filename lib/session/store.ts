import "server-only";
import { and, eq, inArray, isNull, lte, type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions, users } from "@/lib/db/schema";
import { type Executor, retryOnDeadlock, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import {
  type ListedSession,
  listedColumns,
  type Session,
  sessionColumns,
  sessionOf,
} from "@/lib/session/session";
import { type User, userColumns } from "@/lib/users/user";

/** A session with what only the core may see: the hashes that its secret must fit. */
export interface StoredSession {
  readonly session: Session;
  readonly user: User;
  readonly secretHash: Buffer | null;
  readonly formerSecretHash: Buffer | null;
  readonly formerSecretUntil: Date | null;
}

function selectStored() {
  return db()
    .select({
      session: sessionColumns,
      user: userColumns,
      secretHash: sessions.secretHash,
      formerSecretHash: sessions.formerSecretHash,
      formerSecretUntil: sessions.formerSecretUntil,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId));
}

// Built once: the one statement that every signed-in request runs.
function prepareFind() {
  const isIt = eq(sessions.id, sql.param(sql.placeholder("id"), sessions.id));
  return selectStored().where(isIt).prepare();
}
const prepared = new WeakMap<object, ReturnType<typeof prepareFind>>();

/** The session of an id with its user, live or ended; null when there is no such row. */
export async function findSession(id: string): Promise<StoredSession | null> {
  let statement = prepared.get(db());
  if (!statement) {
    statement = prepareFind();
    prepared.set(db(), statement);
  }
  const [row] = await statement.execute({ id });
  return row ? { ...row, session: sessionOf(row.session) } : null;
}

/** The same for several ids at once, by id, in one statement. */
export async function findSessions(ids: readonly string[]): Promise<Map<string, StoredSession>> {
  const found = await selectStored().where(inArray(sessions.id, [...ids]));
  const stored = found.map((row) => ({ ...row, session: sessionOf(row.session) }));
  return new Map(stored.map((each) => [each.session.id, each]));
}

/** A session whose row a transaction holds, with the hash that its secret must fit. */
export interface HeldSession {
  readonly session: ListedSession;
  readonly secretHash: Buffer | null;
}

/** The session of an id, live or ended, locked until the transaction ends; null when there is none. */
export async function lockSession(
  transaction: Transaction,
  id: string,
): Promise<HeldSession | null> {
  const [row] = await transaction
    .select({ session: listedColumns, secretHash: sessions.secretHash })
    .from(sessions)
    .where(eq(sessions.id, id))
    .for("update");
  return row ?? null;
}

/** A row to insert: what `Session` holds, and the hash. */
export type NewSession = typeof sessions.$inferInsert;

export async function insertSession(executor: Executor, row: NewSession): Promise<void> {
  await executor.insert(sessions).values(row);
}

/**
 * Records use, unless the session has ended or another request recorded it since `unlessAfter`.
 * So a late touch revives nothing, and instances do not write twice.
 */
export async function writeTouch(
  id: string,
  use: Device & { lastActivityAt: Date; expiresAt: Date },
  unlessAfter: Date,
): Promise<boolean> {
  const isDue = and(liveRow(id), lte(sessions.lastActivityAt, unlessAfter));
  const [result] = await retryOnDeadlock(() => db().update(sessions).set(use).where(isDue));
  return result.affectedRows > 0;
}

/**
 * Replaces the secret of a live session; the one before stays good until `formerSecretUntil`, and
 * is good for nothing from now on where that is null.
 */
export async function writeSecret(
  executor: Executor,
  id: string,
  secret: {
    secretHash: Buffer;
    formerSecretUntil: Date | null;
    authenticatedAt?: Date;
    onlyIfDue?: true;
  },
): Promise<boolean> {
  // MySQL and MariaDB assign from left to right, so the old hash has to move first.
  const [result] = await executor.execute(sql`
    update ${sessions} set rotation_due = false,
      former_secret_hash = ${secret.formerSecretUntil ? sql`secret_hash` : null},
      secret_hash = ${secret.secretHash},
      former_secret_until = ${secret.formerSecretUntil ? sql.param(secret.formerSecretUntil, sessions.formerSecretUntil) : null},
      authenticated_at = coalesce(${secret.authenticatedAt ? sql.param(secret.authenticatedAt, sessions.authenticatedAt) : null}, authenticated_at)
    where ${and(liveRow(id), secret.onlyIfDue && eq(sessions.isRotationDue, true))}`);
  return "affectedRows" in result && result.affectedRows > 0;
}

/** Notes that a user's live sessions need new secrets. */
export async function markRotationDue(executor: Executor, userId: number): Promise<void> {
  const isTheirs = and(eq(sessions.userId, userId), isNull(sessions.endedAt));
  await executor.update(sessions).set({ isRotationDue: true }).where(isTheirs);
}

/** The row of an id, if nothing has ended it. */
export function liveRow(id: string): SQL | undefined {
  return and(eq(sessions.id, id), isNull(sessions.endedAt));
}

import "server-only";
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { type User, userColumns } from "@/lib/account/user";
import { db } from "@/lib/db/connection";
import { type EndReason, sessions, users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import type { Device } from "@/lib/events/device";
import { limitsFor } from "@/lib/session/policy";
import type { Session } from "@/lib/session/session";

/** A session with what only the core may see: the hashes that its secret must fit. */
export interface StoredSession {
  readonly session: Session;
  readonly user: User;
  readonly secretHash: Buffer | null;
  readonly formerSecretHash: Buffer | null;
  readonly formerSecretUntil: Date | null;
}

const sessionColumns = {
  id: sessions.id,
  userId: sessions.userId,
  createdAt: sessions.createdAt,
  authenticatedAt: sessions.authenticatedAt,
  lastActivityAt: sessions.lastActivityAt,
  expiresAt: sessions.expiresAt,
  absoluteExpiresAt: sessions.absoluteExpiresAt,
  endedAt: sessions.endedAt,
  endReason: sessions.endReason,
  persistent: sessions.persistent,
  ipAddress: sessions.ipAddress,
  userAgent: sessions.userAgent,
  data: sessions.data,
};

// Built once: the one statement that every signed-in request runs.
function prepareFind() {
  return db()
    .select({
      session: sessionColumns,
      user: userColumns,
      secretHash: sessions.secretHash,
      formerSecretHash: sessions.formerSecretHash,
      formerSecretUntil: sessions.formerSecretUntil,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.param(sql.placeholder("id"), sessions.id)))
    .prepare();
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
  const [result] = await db().update(sessions).set(use).where(isDue);
  return result.affectedRows > 0;
}

/** Replaces the secret of a live session; the one before stays good until `formerSecretUntil`. */
export async function writeSecret(
  executor: Executor,
  id: string,
  secret: { secretHash: Buffer; formerSecretUntil: Date; authenticatedAt?: Date },
): Promise<boolean> {
  // MySQL and MariaDB assign from left to right, so the old hash has to move first.
  const [result] = await executor.execute(sql`
    update ${sessions} set former_secret_hash = secret_hash, secret_hash = ${secret.secretHash},
      former_secret_until = ${sql.param(secret.formerSecretUntil, sessions.formerSecretUntil)},
      authenticated_at = coalesce(${secret.authenticatedAt ? sql.param(secret.authenticatedAt, sessions.authenticatedAt) : null}, authenticated_at)
    where ${liveRow(id)}`);
  return "affectedRows" in result && result.affectedRows > 0;
}

/** Ends a live session: erases its hashes and writes down why. False when it was over already. */
export async function writeEnd(
  executor: Executor,
  id: string,
  reason: EndReason,
  now: Date,
): Promise<boolean> {
  const [result] = await executor.update(sessions).set(ended(reason, now)).where(liveRow(id));
  return result.affectedRows > 0;
}

/** Whose session this is; null when there is none. */
export async function findOwner(executor: Executor, id: string): Promise<number | null> {
  const [row] = await executor
    .select({ userId: sessions.userId })
    .from(sessions)
    .where(eq(sessions.id, id));
  return row?.userId ?? null;
}

/** Ends sessions by id; those that are over already keep their reason. */
export async function writeEnds(
  executor: Executor,
  ids: readonly string[],
  reason: EndReason,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await executor
    .update(sessions)
    .set(ended(reason, now))
    .where(and(inArray(sessions.id, [...ids]), isNull(sessions.endedAt)));
}

/** Ends every live session at once; how many. */
export async function writeEndOfAll(executor: Executor, reason: EndReason, now: Date) {
  const isLive = and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));
  const [result] = await executor.update(sessions).set(ended(reason, now)).where(isLive);
  return result.affectedRows;
}

/** The live sessions of a user, oldest activity first, locked until the transaction ends. */
export async function lockSessionsOfUser(executor: Executor, userId: number, now: Date) {
  const isTheirs = and(
    eq(sessions.userId, userId),
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
  );
  return executor
    .select({ id: sessions.id })
    .from(sessions)
    .where(isTheirs)
    .orderBy(asc(sessions.lastActivityAt), asc(sessions.id))
    .for("update");
}

export interface LiveFilter {
  readonly userId?: number;
  readonly limit: number;
}

/** Live sessions with their users, newest activity first. */
export async function listLive(filter: LiveFilter, now: Date) {
  const isTheirs = filter.userId === undefined ? undefined : eq(sessions.userId, filter.userId);
  return db()
    .select({ session: sessionColumns, user: userColumns })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), isTheirs))
    .orderBy(desc(sessions.lastActivityAt), desc(sessions.id))
    .limit(filter.limit);
}

/** How many sessions would be let in at `now`. */
export async function countLive(now: Date): Promise<number> {
  const [row] = await db()
    .select({ live: count() })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(isLive(now));
  return row?.live ?? 0;
}

// `policy.judge` in SQL, so that lists and counts agree with what a request would be told.
function isLive(now: Date): SQL | undefined {
  const withinLimits = (role: "member" | "staff", whose: SQL) => {
    const { idleSeconds, absoluteSeconds, isSliding } = limitsFor(role, settings());
    const basis = isSliding ? sessions.lastActivityAt : sessions.createdAt;
    const idleBorder = new Date(now.getTime() - idleSeconds * 1000);
    const absoluteBorder = new Date(now.getTime() - absoluteSeconds * 1000);
    return and(whose, gt(basis, idleBorder), gt(sessions.createdAt, absoluteBorder));
  };
  return and(
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
    gt(sessions.absoluteExpiresAt, now),
    eq(users.status, "active"),
    or(
      withinLimits("member", eq(users.role, "member")),
      withinLimits("staff", ne(users.role, "member")),
    ),
  );
}

function liveRow(id: string): SQL | undefined {
  return and(eq(sessions.id, id), isNull(sessions.endedAt));
}

function ended(reason: EndReason, now: Date) {
  return {
    endedAt: now,
    endReason: reason,
    secretHash: null,
    formerSecretHash: null,
    formerSecretUntil: null,
  };
}

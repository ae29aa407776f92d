import "server-only";
import { and, asc, count, eq, gt, inArray, isNull } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type EndReason, sessions } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { liveRow } from "@/lib/session/store";

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

/** Whose those sessions are: each user once. */
export async function findOwners(executor: Executor, ids: readonly string[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const found = await executor
    .selectDistinct({ userId: sessions.userId })
    .from(sessions)
    .where(inArray(sessions.id, [...ids]));
  return found.map(({ userId }) => userId);
}

/** Ends sessions by id; those that are over already keep their reason. How many ended. */
export async function writeEnds(
  executor: Executor,
  ids: readonly string[],
  reason: EndReason,
  now: Date,
): Promise<number> {
  if (ids.length === 0) return 0;
  const [result] = await executor
    .update(sessions)
    .set(ended(reason, now))
    .where(and(inArray(sessions.id, [...ids]), isNull(sessions.endedAt)));
  return result.affectedRows;
}

/** Ids of sessions that nothing has ended and whose time is not up at `now`. */
export async function findLive(now: Date, limit: number): Promise<string[]> {
  const rows = await db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(isNotEnded(now))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** How many those are. */
export async function countNotEnded(now: Date): Promise<number> {
  const [row] = await db().select({ live: count() }).from(sessions).where(isNotEnded(now));
  return row?.live ?? 0;
}

const isNotEnded = (now: Date) => and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));

/** The live sessions of a user, oldest activity first, locked until the transaction ends. */
export async function lockSessionsOfUser(executor: Executor, userId: number, now: Date) {
  const isTheirs = and(
    eq(sessions.userId, userId),
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
  );
  return executor
    .select({ id: sessions.id, userId: sessions.userId })
    .from(sessions)
    .where(isTheirs)
    .orderBy(asc(sessions.lastActivityAt), asc(sessions.id))
    .for("update");
}

/** Those of the named sessions that there are, live or ended, locked until the transaction ends. */
export async function lockNamed(executor: Executor, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return (
    executor
      .select({ id: sessions.id, userId: sessions.userId, endedAt: sessions.endedAt })
      // By key, in its order, as a touch and the purge take them.
      .from(sessions, { forceIndex: "PRIMARY" })
      .where(inArray(sessions.id, [...ids]))
      .orderBy(asc(sessions.id))
      .for("update")
  );
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

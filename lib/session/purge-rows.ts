import "server-only";
import { and, asc, inArray, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type EndReason, sessions } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";

/** A session whose time was up before anybody wrote that down. */
export interface RunOut {
  readonly id: string;
  readonly userId: number;
  readonly reason: Extract<EndReason, "idle" | "absolute">;
}

/** Ids of rows that are live by their words and over by their times. */
export async function findRunOut(now: Date, limit: number): Promise<string[]> {
  const isRunOut = and(isNull(sessions.endedAt), lte(sessions.expiresAt, now));
  const rows = await db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(isRunOut)
    .orderBy(asc(sessions.expiresAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * Writes the end of those of `ids` whose time is still up. They ended when they ran out, not when
 * that was noticed.
 */
export async function writeExpiry(
  executor: Executor,
  ids: readonly string[],
  now: Date,
): Promise<RunOut[]> {
  const isRunOut = and(
    inArray(sessions.id, [...ids]),
    isNull(sessions.endedAt),
    lte(sessions.expiresAt, now),
  );
  const locked = await executor
    .select({
      id: sessions.id,
      userId: sessions.userId,
      expiresAt: sessions.expiresAt,
      absoluteExpiresAt: sessions.absoluteExpiresAt,
    })
    // By key: through the index of the times it would lock what lies between, too, and in an order
    // that a touch takes the other way round.
    .from(sessions, { forceIndex: "PRIMARY" })
    .where(isRunOut)
    .orderBy(asc(sessions.id))
    .for("update");
  const lockedIds = locked.map(({ id }) => id);
  if (lockedIds.length > 0)
    await executor
      .update(sessions)
      .set({
        endedAt: sql`expires_at`,
        endReason: sql`if(expires_at < absolute_expires_at, 'idle', 'absolute')`,
        secretHash: null,
        formerSecretHash: null,
        formerSecretUntil: null,
      })
      .where(inArray(sessions.id, lockedIds));
  return locked.map(({ id, userId, expiresAt, absoluteExpiresAt }) => ({
    id,
    userId,
    reason: expiresAt < absoluteExpiresAt ? "idle" : "absolute",
  }));
}

/** Ids of sessions that ended before `border`. */
export async function findEndedBefore(border: Date, limit: number): Promise<string[]> {
  const rows = await db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(isNotNull(sessions.endedAt), lt(sessions.endedAt, border)))
    .orderBy(asc(sessions.endedAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Deletes by key those of `ids` that ended before `border`; how many. */
export async function deleteEnded(
  executor: Executor,
  ids: readonly string[],
  border: Date,
): Promise<number> {
  const [result] = await executor
    .delete(sessions)
    .where(and(inArray(sessions.id, [...ids]), lt(sessions.endedAt, border)));
  return result.affectedRows;
}

import "server-only";
import { and, asc, inArray, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type EndReason, sessions } from "@/lib/db/schema";
import { type Executor, inTransaction } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import { recordEvents } from "@/lib/events/record";
import { metrics } from "@/lib/metrics";
import { signOutAtDjango } from "@/lib/session/adopted";
import { ERASED } from "@/lib/session/end-rows";

// Small enough that nobody waits for its locks; large enough for a million rows in minutes.
const BATCH = 200;
const DAY_MS = 86_400_000;

/** What a purge has done so far. */
export interface Purged {
  /** Sessions that had run out unnoticed: now they have an end, a reason and an event. */
  readonly expired: number;
  /** Sessions that ended longer ago than `SESSION_RETENTION_DAYS`: gone. */
  readonly removed: number;
}

export interface PurgeOptions {
  /** Hears of each batch. */
  readonly tell?: (purged: Purged) => void;
  /** Ends it between two batches. */
  readonly stop?: AbortSignal;
}

/**
 * Writes down the end of sessions that ran out, then removes those that ended longer ago than the
 * retention. Picks ids first and changes them by key in small batches, asking the limit again: a
 * session may have been extended meanwhile, and another purge may be at work on the same rows.
 */
export async function purgeSessions(now: Date, { tell, stop }: PurgeOptions = {}): Promise<Purged> {
  const done = { expired: 0, removed: 0 };
  const border = new Date(now.getTime() - settings().SESSION_RETENTION_DAYS * DAY_MS);
  await inBatches(
    stop,
    () => findRunOut(now, BATCH),
    async (ids) => {
      const expired = await expire(ids, now);
      done.expired += expired;
      metrics().purged.inc({ what: "expired" }, expired);
      tell?.({ ...done });
    },
  );
  await inBatches(
    stop,
    () => findEndedBefore(border, BATCH),
    async (ids) => {
      const removed = await inTransaction((transaction) => deleteEnded(transaction, ids, border));
      done.removed += removed;
      metrics().purged.inc({ what: "removed" }, removed);
      tell?.({ ...done });
    },
  );
  return done;
}

// Picking the same again means that these rows cannot be changed now: the next purge will.
async function inBatches(
  stop: AbortSignal | undefined,
  pick: () => Promise<string[]>,
  work: (ids: string[]) => Promise<void>,
): Promise<void> {
  let before = "";
  for (let ids = await pick(); ids.length > 0 && ids.join() !== before; ids = await pick()) {
    if (stop?.aborted) return;
    before = ids.join();
    await work(ids);
  }
}

async function expire(ids: readonly string[], now: Date): Promise<number> {
  return inTransaction(async (transaction) => {
    const expired = await writeExpiry(transaction, ids, now);
    const at = now;
    await recordEvents(
      transaction,
      expired.map(({ id, userId, reason }) => {
        return { type: "session_expired", at, userId, sessionId: id, detail: { reason } };
      }),
    );
    return expired.length;
  });
}

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
  if (lockedIds.length > 0) {
    const areThese = inArray(sessions.id, lockedIds);
    await signOutAtDjango(executor, { ids: lockedIds });
    await executor
      .update(sessions)
      .set({
        endedAt: sql`expires_at`,
        endReason: sql`if(expires_at < absolute_expires_at, 'idle', 'absolute')`,
        ...ERASED,
      })
      .where(areThese);
  }
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

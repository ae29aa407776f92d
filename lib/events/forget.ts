import "server-only";
import { and, asc, eq, gt, inArray, lt, lte, max, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";
import { type Executor, retryOnDeadlock } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import { metrics } from "@/lib/metrics";

// Small enough for the time limit of a statement, and that nobody waits for its locks.
const BATCH = 1000;
const RANGE = 20_000;

/** Whether more events concern a user than `anonymiseSome` takes at once. */
export async function hasManyEvents(userId: number): Promise<boolean> {
  return (await someOf(db(), userId, BATCH)).length > 0;
}

/**
 * Takes a user out of some of the events that concern them, 1000 at most: the log keeps type, time
 * and reason, and no address, browser, session or request that leads back to the person. How many.
 */
export async function anonymiseSome(executor: Executor, userId: number): Promise<number> {
  const ids = await someOf(executor, userId, 0);
  if (ids.length > 0)
    await executor
      .update(events)
      .set({ ...NOBODY, userId: null, sessionId: null, detail: REASON_ALONE })
      .where(inArray(events.id, ids));
  return ids.length;
}

async function someOf(executor: Executor, userId: number, offset: number): Promise<number[]> {
  const rows = await executor
    .select({ id: events.id })
    .from(events, { forceIndex: "events_user_at" })
    .where(eq(events.userId, userId))
    .limit(BATCH)
    .offset(offset);
  return rows.map(({ id }) => id);
}

/** The events of what somebody did to others, and the last event that was looked at. */
export interface Acts {
  readonly ids: readonly number[];
  readonly upTo: number;
}

/** What a user did to others since the event `after`. No index leads there, so the log is walked. */
export async function findActs(executor: Executor, userId: number, after = 0): Promise<Acts> {
  const [newest] = await executor.select({ id: max(events.id) }).from(events);
  const upTo = newest?.id ?? after;
  const ids: number[] = [];
  for (let from = after; from < upTo; from += RANGE) {
    const isWithin = and(gt(events.id, from), lte(events.id, Math.min(from + RANGE, upTo)));
    const rows = await executor
      .select({ id: events.id })
      .from(events, { forceIndex: "PRIMARY" })
      .where(and(isWithin, eq(events.actorId, userId)))
      .orderBy(asc(events.id));
    ids.push(...rows.map(({ id }) => id));
  }
  return { ids, upTo };
}

/** Takes out of events who did it, and from where; whom it was done to stays. */
export async function anonymiseActs(executor: Executor, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH)
    await executor
      .update(events)
      .set({ ...NOBODY, detail: sql`json_remove(${events.detail}, '$.request')` })
      .where(inArray(events.id, ids.slice(at, at + BATCH)));
}

const NOBODY = { actorId: null, ipAddress: "", userAgent: "" };

const REASON_ALONE = sql`if(json_contains_path(${events.detail}, 'one', '$.reason'),
  json_object('reason', json_unquote(json_extract(${events.detail}, '$.reason'))), json_object())`;

// Small enough that nobody who writes an event waits for its locks.
const DAY_MS = 86_400_000;

export interface EventPurgeOptions {
  /** Hears how many are gone so far, after each batch. */
  readonly tell?: (removed: number) => void;
  /** Ends it between two batches. */
  readonly stop?: AbortSignal;
}

/** Removes events older than `EVENT_RETENTION_DAYS`, in small batches by key; how many. */
export async function purgeEvents(
  now: Date,
  { tell, stop }: EventPurgeOptions = {},
): Promise<number> {
  const border = retentionBorder(now);
  if (!border) return 0;
  let removed = 0;
  for (let ids = await pick(border); ids.length > 0 && !stop?.aborted; ids = await pick(border)) {
    removed += await remove(ids, border);
    tell?.(removed);
  }
  return removed;
}

/** How many events are older than the retention at `now`. */
export async function countEventsPastRetention(now: Date): Promise<number> {
  const border = retentionBorder(now);
  return border ? db().$count(events, lt(events.at, border)) : 0;
}

// Null where events are kept for ever.
function retentionBorder(now: Date): Date | null {
  const { EVENT_RETENTION_DAYS: days } = settings();
  return days === 0 ? null : new Date(now.getTime() - days * DAY_MS);
}

async function pick(border: Date): Promise<number[]> {
  const rows = await db()
    .select({ id: events.id })
    .from(events, { forceIndex: "events_at" })
    .where(lt(events.at, border))
    .orderBy(asc(events.at))
    .limit(BATCH);
  return rows.map(({ id }) => id);
}

// By key: a range of times would lock what lies between, too.
async function remove(ids: readonly number[], border: Date): Promise<number> {
  const isOld = and(inArray(events.id, [...ids]), lt(events.at, border));
  const [{ affectedRows }] = await retryOnDeadlock(() => db().delete(events).where(isOld));
  metrics().purged.inc({ what: "events" }, affectedRows);
  return affectedRows;
}

import "server-only";
import { and, asc, inArray, lt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";
import { retryOnDeadlock } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import { metrics } from "@/lib/metrics";

// Small enough that nobody who writes an event waits for its locks.
const BATCH = 1000;
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

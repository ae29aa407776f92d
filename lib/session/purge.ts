import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import { recordEvents } from "@/lib/events/append";
import { metrics } from "@/lib/metrics";
import { deleteEnded, findEndedBefore, findRunOut, writeExpiry } from "@/lib/session/purge-rows";

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

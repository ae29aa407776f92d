import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Refusal } from "@/lib/account/throttle-counters";
import { throttle } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { type NewEvent, recordEvents } from "@/lib/events/append";
import { metrics } from "@/lib/metrics";

const ONE_EVERY_MS = 60_000;
/** How long the tries that no event tells of yet are remembered for the next one. */
const KEPT_MS = 86_400_000;

/** A try that was not looked at, as the log keeps it but for its type. */
export type HeldBack = Omit<NewEvent, "type">;

/**
 * Notes a try that was not looked at: of one counter one event a minute, over all instances, with
 * the number of those since the last one (`suppressed`). Whoever goes on trying cannot fill the log.
 */
export async function noteHeldBack({ counter }: Refusal, heldBack: HeldBack): Promise<void> {
  metrics().throttled.inc({ counter: counter.name });
  await inTransaction(async (transaction) => {
    const suppressed = await untold(transaction, `noted:${counter.key}`, heldBack.at);
    if (suppressed === null) return;
    const detail = {
      counter: counter.name,
      ...heldBack.detail,
      ...(suppressed > 0 ? { suppressed } : {}),
    };
    await recordEvents(transaction, [{ ...heldBack, type: "sign_in_throttled", detail }]);
  });
}

/** How many tries have passed without an event; null where this minute has its event. */
async function untold(transaction: Transaction, key: string, now: Date): Promise<number | null> {
  const expire = now.getTime() + ONE_EVERY_MS + KEPT_MS;
  await transaction
    .insert(throttle)
    .values({ key, points: 0, expire })
    .onDuplicateKeyUpdate({ set: { points: sql`${throttle.points} + 1` } });
  const isThis = eq(throttle.key, key);
  const [row] = await transaction.select().from(throttle).where(isThis);
  // Only a new row holds none.
  if (!row?.points) return 0;
  if ((row.expire ?? 0) - KEPT_MS > now.getTime()) return null;
  await transaction.update(throttle).set({ points: 0, expire }).where(isThis);
  return row.points - 1;
}

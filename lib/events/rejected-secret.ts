import "server-only";
import { and, eq, gt } from "drizzle-orm";
import { events } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/append";
import type { Device } from "@/lib/events/device";

const ONE_EVERY_MS = 60_000;

/**
 * Notes that a good seal came with another secret than its live row holds: a copied or a stale
 * cookie. One event per session and minute, so that whoever holds the copy cannot fill the log.
 */
export async function noteRejectedSecret(
  rejected: { readonly sessionId: string; readonly userId: number },
  device: Device,
  now: Date,
): Promise<void> {
  const { sessionId, userId } = rejected;
  await inTransaction(async (transaction) => {
    const isRecent = and(
      eq(events.sessionId, sessionId),
      eq(events.type, "secret_rejected"),
      gt(events.at, new Date(now.getTime() - ONE_EVERY_MS)),
    );
    const [recent] = await transaction
      .select({ id: events.id })
      .from(events)
      .where(isRecent)
      .limit(1);
    if (recent) return;
    await recordEvents(transaction, [
      { type: "secret_rejected", at: now, userId, sessionId, device },
    ]);
  });
}

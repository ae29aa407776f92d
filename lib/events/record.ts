import "server-only";
import { and, eq, gt } from "drizzle-orm";
import { events } from "@/lib/db/schema";
import { afterCommit, type Executor, inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import type { NewEvent } from "@/lib/events/event";
import { onEvent } from "@/lib/events/on-event";
import { log } from "@/lib/log";
import { countEvent } from "@/lib/metrics";
import { afterResponse, requestId } from "@/lib/request-scope";

/** Appends to the log, in the transaction of the change that it tells of. */
export async function recordEvents(
  executor: Executor,
  happened: readonly NewEvent[],
): Promise<void> {
  if (happened.length === 0) return;
  const request = requestId();
  await executor.insert(events).values(
    happened.map(({ device, ...event }) => ({
      ...event,
      ipAddress: device?.ipAddress ?? "",
      userAgent: device?.userAgent ?? "",
      // Joins the event with the lines of the log (ASVS 16.2.1).
      detail: { ...event.detail, ...(request ? { request } : {}) },
    })),
  );
  afterCommit(executor, () => announce(happened));
}

/** Tells of events that are committed: the metrics at once, the team's hook after the response. */
export function announce(happened: readonly NewEvent[]): void {
  for (const event of happened) {
    countEvent(event);
    afterResponse(() => hear(event));
  }
}

async function hear(event: NewEvent): Promise<void> {
  try {
    await onEvent(event);
  } catch (error) {
    log().error({ err: error, type: event.type }, "onEvent failed");
  }
}

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

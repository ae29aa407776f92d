import "server-only";
import { type EventType, events } from "@/lib/db/schema";
import { afterCommit, type Executor } from "@/lib/db/transaction";
import { announce } from "@/lib/events/announce";
import type { Device } from "@/lib/events/device";
import { requestId } from "@/lib/request-scope";

/** Something that happened, as the log keeps it. */
export interface NewEvent {
  readonly type: EventType;
  readonly at: Date;
  /** Whom it concerns; null when no account fits. */
  readonly userId?: number | null;
  /** Who did it, where that is somebody else. */
  readonly actorId?: number | null;
  readonly sessionId?: string | null;
  readonly device?: Device | null;
  readonly detail?: Record<string, unknown>;
}

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

import "server-only";
import type { NewEvent } from "@/lib/events/append";
import { onEvent } from "@/lib/events/on-event";
import { log } from "@/lib/log";
import { countEvent } from "@/lib/metrics";
import { afterAnswer } from "@/lib/request-scope";

/** Tells of events that are committed: the metrics at once, the team's hook after the answer. */
export function announce(happened: readonly NewEvent[]): void {
  for (const event of happened) {
    countEvent(event);
    afterAnswer(() => hear(event));
  }
}

async function hear(event: NewEvent): Promise<void> {
  try {
    await onEvent(event);
  } catch (error) {
    log().error({ err: error, type: event.type }, "onEvent failed");
  }
}

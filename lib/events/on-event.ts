import "server-only";
import type { NewEvent } from "@/lib/events/event";

/**
 * Yours: send a mail about a new device, call a webhook, feed a queue. Runs once for each event,
 * after the change is committed and the response is sent; nobody waits for it. What it throws is
 * logged and harms nobody. It is not told again after a crash: the table of events has them all.
 */
export async function onEvent(_event: NewEvent): Promise<void> {}

import type { LoggedEvent } from "@/lib/events/read";

/** An entry of the log as a line of a table. */
export function eventRow({ id, at, type, userId, actorId, ipAddress, detail }: LoggedEvent) {
  return { id, at, type, userId, actorId, ipAddress, detail: JSON.stringify(detail) };
}

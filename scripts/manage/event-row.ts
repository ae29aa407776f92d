import { deviceWords } from "@/lib/device";
import type { LoggedEvent } from "@/lib/events/read";

/** An entry of the log as a line of a table. */
export function eventRow({ id, at, type, userId, actorId, ...event }: LoggedEvent) {
  const { ipAddress, userAgent, detail } = event;
  const device = userAgent && deviceWords(userAgent).name;
  return { id, at, type, userId, actorId, ipAddress, device, detail: JSON.stringify(detail) };
}

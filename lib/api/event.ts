import "server-only";
import { z } from "zod";
import { Cursor, Limit, Moment, Search, SessionId, Time } from "@/lib/api/fields";
import { EVENT_TYPES } from "@/lib/db/schema";
import type { LoggedEvent } from "@/lib/events/read";

/** An entry of the log as programs see one. */
export const EventJson = z.strictObject({
  id: z.string(),
  at: Time,
  type: z.enum(EVENT_TYPES),
  userId: z.string().nullable(),
  actorId: z.string().nullable(),
  sessionId: SessionId.nullable(),
  ipAddress: z.string(),
  userAgent: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** `GET /api/admin/events` */
export const EventsQuery = z.strictObject({
  type: z
    .union([z.enum(EVENT_TYPES), z.literal("")], {
      error: `Give one of: ${EVENT_TYPES.join(", ")}.`,
    })
    .transform((type) => type || undefined)
    .optional(),
  user: Search,
  address: Search,
  since: Moment,
  until: Moment,
  limit: Limit,
  cursor: Cursor,
});
export const EventsResponse = z.strictObject({
  events: z.array(EventJson),
  nextCursor: z.string().nullable(),
});

/** An entry of the log for programs. */
export function eventJson(event: LoggedEvent): z.infer<typeof EventJson> {
  const { type, sessionId, ipAddress, userAgent, detail } = event;
  return {
    id: String(event.id),
    at: event.at.toISOString(),
    type,
    userId: idText(event.userId),
    actorId: idText(event.actorId),
    sessionId,
    ipAddress,
    userAgent,
    detail,
  };
}

const idText = (id: number | null) => (id === null ? null : String(id));

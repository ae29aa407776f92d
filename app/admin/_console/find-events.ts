import "server-only";
import { z } from "zod";
import { EVENT_NAMES } from "@/app/admin/_console/event-words";
import { meaningOf } from "@/app/admin/_console/meaning";
import { idsOfPeopleLike } from "@/app/admin/_console/people-like";
import { Cursor, Filter } from "@/app/admin/_console/query";
import type { EventType } from "@/lib/db/schema";
import type { EventFilter } from "@/lib/events/read";
import { userFilter } from "@/lib/users/users";

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/;

/** A moment as a date field or a link has it; without a zone it is UTC, like all that is shown. */
const Moment = z
  .string()
  .regex(DATE)
  .transform((text) => new Date(/T.*[^Z]$/.test(text) ? `${text}Z` : text))
  .refine((at) => !Number.isNaN(at.getTime()))
  .optional()
  .catch(undefined);

function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENT_NAMES, text);
}

/** What the address of the event log may say. */
export const EventQuery = z.object({
  type: z.string().refine(isEventType).optional().catch(undefined),
  q: Filter,
  user: Filter,
  address: Filter,
  since: Moment,
  until: Moment,
  cursor: Cursor,
});

export type EventQuery = z.output<typeof EventQuery>;

/** Which events that is; null where nobody is that user. */
export async function eventFilter(query: EventQuery): Promise<EventFilter | null> {
  const { q, user: handle, type, address, since, until } = query;
  const [whose, typed] = await Promise.all([userFilter(handle), q ? typedFilter(q) : {}]);
  return whose && typed && { ...whose, ...typed, type, address, since, until };
}

async function typedFilter(typed: string): Promise<EventFilter | null> {
  const meaning = meaningOf(typed);
  if (!("person" in meaning)) return meaning;
  const userIds = await idsOfPeopleLike(meaning.person);
  return userIds.length === 0 ? null : { userIds };
}

/** The filters as an address has them, without the place in the list. */
export function filterParameters(query: EventQuery): Record<string, string | undefined> {
  const { q, type, user, address, since, until } = query;
  return { q, type, user, address, since: fieldTime(since), until: fieldTime(until) };
}

/** A moment as a date field wants it. */
export function fieldTime(at: Date | undefined): string | undefined {
  return at?.toISOString().slice(0, 16);
}

import "server-only";
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { type PageOf, pageOf, readCursor } from "@/lib/cursor";
import { db } from "@/lib/db/connection";
import { isIn } from "@/lib/db/like";
import { type EventType, events } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import type { Network } from "@/lib/device";

/** One entry of the log. */
export interface LoggedEvent {
  readonly id: number;
  readonly at: Date;
  readonly type: EventType;
  /** Whom it concerns; null when no account fits. */
  readonly userId: number | null;
  /** Who did it, where that is somebody else. */
  readonly actorId: number | null;
  readonly sessionId: string | null;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly detail: Record<string, unknown>;
}

/** Which entries; what is left out does not narrow. */
export interface EventFilter {
  readonly type?: EventType | undefined;
  readonly userId?: number | undefined;
  /** Any of these. */
  readonly userIds?: readonly number[] | undefined;
  readonly sessionId?: string | undefined;
  /** Exactly this address. */
  readonly address?: string | undefined;
  readonly network?: Network | undefined;
  /** From this moment on. */
  readonly since?: Date | undefined;
  /** Before this moment. */
  readonly until?: Date | undefined;
}

/** A part of the log. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Where the next part begins; null at the end. */
  readonly nextCursor: string | null;
}

const BATCH = 1000;
const MOST_OF_A_SESSION = 200;
/** No page looks at more rows: what is rare must not take a walk through millions. */
const MOST_LOOKED_AT = 5000;

/**
 * Entries of the log, newest first, a page of them. What happens meanwhile moves nothing. With two
 * filters or more, by several users or by a network, a page may hold fewer than its limit, or none,
 * and yet not be the last. Throws BadCursor.
 */
export async function searchEvents(filter: EventFilter, page: PageOf): Promise<EventPage> {
  const place = readCursor(page.cursor, Place);
  const border = await placeFurtherOn(filter, place);
  const found = await db()
    .select()
    .from(events, { forceIndex: wayOf(filter).index })
    .where(and(matches(filter), isAfter(place), border ? isUpTo(border) : undefined))
    .orderBy(desc(events.at), desc(events.id))
    .limit(page.limit + 1);
  const { rows, nextCursor } = pageOf(found, page.limit, border, placeOf);
  return { events: rows, nextCursor };
}

/** Every entry that fits, newest first, read batch by batch: a log of any size fits into memory. */
export async function* streamEvents(filter: EventFilter): AsyncGenerator<LoggedEvent> {
  let cursor: string | undefined;
  do {
    const page = await searchEvents(filter, { limit: BATCH, cursor });
    yield* page.events;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** What the log says of one session, newest first, 200 entries at most. */
export async function eventsOfSession(sessionId: string): Promise<LoggedEvent[]> {
  return db()
    .select()
    .from(events)
    .where(eq(events.sessionId, sessionId))
    .orderBy(desc(events.id))
    .limit(MOST_OF_A_SESSION);
}

/** When a user's sessions, that one and those begun after it, wrote events of a type. */
export async function timesSinceSession(
  executor: Executor,
  { userId, sessionId, type }: { userId: number; sessionId: string; type: EventType },
): Promise<Date[]> {
  // Their ids are in the order in which they began (UUIDv7).
  const isSince = and(eq(events.userId, userId), gte(events.sessionId, sessionId));
  const found = await executor
    .select({ at: events.at })
    .from(events)
    .where(and(isSince, eq(events.type, type)));
  return found.map(({ at }) => at);
}

/** What was written after that entry and fits, the oldest first, 1000 at most. */
export async function eventsAfter(id: number, filter: EventFilter): Promise<LoggedEvent[]> {
  return db()
    .select()
    .from(events, { forceIndex: "PRIMARY" })
    .where(and(gt(events.id, id), matches(filter)))
    .orderBy(asc(events.id))
    .limit(BATCH);
}

/** The tries to sign in as that user that failed or were held back since then, newest first. */
export async function failedSignIns(
  userId: number,
  since: Date,
  limit: number,
): Promise<LoggedEvent[]> {
  const isFailure = inArray(events.type, ["sign_in_failed", "sign_in_throttled"]);
  return db()
    .select()
    .from(events, { forceIndex: "events_user_at" })
    .where(and(eq(events.userId, userId), isFailure, gte(events.at, since)))
    .orderBy(desc(events.at), desc(events.id))
    .limit(limit);
}

function matches(filter: EventFilter): SQL | undefined {
  const { type, userId, userIds, sessionId, address, network, since, until } = filter;
  return and(
    type ? eq(events.type, type) : undefined,
    userId === undefined ? undefined : eq(events.userId, userId),
    userIds ? inArray(events.userId, [...userIds]) : undefined,
    sessionId ? eq(events.sessionId, sessionId) : undefined,
    address ? eq(events.ipAddress, address) : undefined,
    network ? isIn(events.ipAddress, network) : undefined,
    since ? gte(events.at, since) : undefined,
    until ? lt(events.at, until) : undefined,
  );
}

/** The index that is walked, which is in the order of the list, and the part of it. */
function wayOf({ sessionId, userId, address, type, since, until }: EventFilter) {
  const times = { since, until };
  if (sessionId) return { index: "events_session", part: { sessionId, ...times } };
  if (userId !== undefined) return { index: "events_user_at", part: { userId, ...times } };
  if (address) return { index: "events_address_at", part: { address, ...times } };
  if (type) return { index: "events_type_at", part: { type, ...times } };
  return { index: "events_at", part: times };
}

/** The place so many rows further on, by the index alone; null where every row that is met fits. */
async function placeFurtherOn(filter: EventFilter, place: Place | null): Promise<Place | null> {
  const { sessionId, userId, address, type, userIds, network } = filter;
  const named = [sessionId, userId, address, type].filter(Boolean);
  if (named.length < 2 && !userIds && !network) return null;
  const { index, part } = wayOf(filter);
  const [row] = await db()
    .select({ at: events.at, id: events.id })
    .from(events, { forceIndex: index })
    .where(and(matches(part), isAfter(place)))
    .orderBy(desc(events.at), desc(events.id))
    .limit(1)
    .offset(MOST_LOOKED_AT - 1);
  return row ? placeOf(row) : null;
}

/** A place in the log, which is in the order of time and then of id. */
export const Place = z.tuple([z.int().min(0).max(8.64e15), z.int().positive()]);
export type Place = z.infer<typeof Place>;

/** Where an entry stands. */
export function placeOf({ at, id }: { readonly at: Date; readonly id: number }): Place {
  return [at.getTime(), id];
}

/** What stands behind a place, in a log that is read from its newest entry on. */
export function isAfter(place: Place | null): SQL | undefined {
  if (!place) return undefined;
  const at = new Date(place[0]);
  // The first half says nothing new, but it alone lets an index begin there.
  return and(lte(events.at, at), or(lt(events.at, at), lt(events.id, place[1])));
}

/** What stands before a place, and the place itself. */
export function isUpTo(place: Place): SQL | undefined {
  const at = new Date(place[0]);
  return and(gte(events.at, at), or(gt(events.at, at), gte(events.id, place[1])));
}

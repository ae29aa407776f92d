import "server-only";
import { and, desc, eq, gt, gte, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type PageOf, pageOf, readCursor } from "@/lib/cursor";
import { db } from "@/lib/db/connection";
import { containing, isIn, startingWith } from "@/lib/db/like";
import { sessions, users } from "@/lib/db/schema";
import type { Network } from "@/lib/device";
import { isLive } from "@/lib/session/list";
import { effectiveSession, type ListedSession, listedColumns } from "@/lib/session/session";
import { isAbout } from "@/lib/users/find";
import { type User, userColumns } from "@/lib/users/user";

/** Which live sessions; what is left out does not narrow. */
export interface LiveFilter {
  readonly userId?: number | undefined;
  /** A part of their user name, email or name, or their id. */
  readonly person?: string | undefined;
  readonly id?: string | undefined;
  /** An address, or the beginning of one. */
  readonly address?: string | undefined;
  readonly network?: Network | undefined;
  /** A word of the user agent, in any letter case. */
  readonly browser?: string | undefined;
}

/** A part of the live sessions. */
export interface LivePage {
  readonly sessions: readonly { readonly session: ListedSession; readonly user: User }[];
  /** Where the next part begins; null at the end. */
  readonly nextCursor: string | null;
}

const Place = z.tuple([z.int().min(0).max(8.64e15), z.uuid()]);
type Place = z.infer<typeof Place>;

/** No page looks at more rows: a rare browser must not take a walk through millions. */
const MOST_LOOKED_AT = 10_000;
/** Of more sessions than that an address is no shorter way than their activity. */
const MANY = 5000;

/**
 * Live sessions with their users, newest activity first, a page of them. What starts while somebody
 * turns pages moves nothing. By person, by browser or by a common beginning of addresses a page may hold
 * fewer than its limit, or none, and yet not be the last. Throws BadCursor.
 */
export async function searchLive(filter: LiveFilter, page: PageOf, now: Date): Promise<LivePage> {
  const place = readCursor(page.cursor, Place);
  const index = await indexFor(filter);
  const border = index === BY_ACTIVITY && isNarrowed(filter) ? await placeFurtherOn(place) : null;
  const within = and(isAfter(place), border ? isUpTo(border) : undefined);
  const found = await db()
    .select({ session: listedColumns, user: userColumns })
    .from(sessions, { forceIndex: index })
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), matches(filter), within))
    .orderBy(desc(sessions.lastActivityAt), desc(sessions.id))
    .limit(page.limit + 1);
  const { rows, nextCursor } = pageOf(found, page.limit, border, ({ session }) => placeOf(session));
  return {
    sessions: rows.map(({ session, user }) => ({
      session: effectiveSession(session, user, now),
      user,
    })),
    nextCursor,
  };
}

const BY_ACTIVITY = "sessions_ended_activity";

// Named, since the optimiser would rather read every live session than sort those of one user.
async function indexFor({ id, userId, address, network }: LiveFilter): Promise<string> {
  if (id) return "PRIMARY";
  if (userId !== undefined) return "sessions_user_ended";
  const start = address || network?.start;
  if (!start) return BY_ACTIVITY;
  const [many] = await db()
    .select({ id: sessions.id })
    .from(sessions, { forceIndex: "sessions_ended_address" })
    .where(and(isNull(sessions.endedAt), startingWith(sessions.ipAddress, start)))
    .limit(1)
    .offset(MANY);
  return many ? BY_ACTIVITY : "sessions_ended_address";
}

const isNarrowed = ({ person, address, network, browser }: LiveFilter) =>
  Boolean(person || address || network || browser);

/** The place so many rows further on, by the index alone; null where the list ends before. */
async function placeFurtherOn(place: Place | null): Promise<Place | null> {
  const [row] = await db()
    .select({ id: sessions.id, lastActivityAt: sessions.lastActivityAt })
    .from(sessions, { forceIndex: BY_ACTIVITY })
    .where(and(isNull(sessions.endedAt), isAfter(place)))
    .orderBy(desc(sessions.lastActivityAt), desc(sessions.id))
    .limit(1)
    .offset(MOST_LOOKED_AT - 1);
  return row ? placeOf(row) : null;
}

function placeOf({ lastActivityAt, id }: Pick<ListedSession, "lastActivityAt" | "id">): Place {
  return [lastActivityAt.getTime(), id];
}

function matches(filter: LiveFilter): SQL | undefined {
  const { id, userId, person, address, network, browser } = filter;
  return and(
    id ? eq(sessions.id, id) : undefined,
    userId === undefined ? undefined : eq(sessions.userId, userId),
    person ? isAbout(person) : undefined,
    address ? startingWith(sessions.ipAddress, address) : undefined,
    network ? isIn(sessions.ipAddress, network) : undefined,
    browser ? containing(sql`lower(${sessions.userAgent})`, browser.toLowerCase()) : undefined,
  );
}

function isAfter(place: Place | null): SQL | undefined {
  if (!place) return undefined;
  const at = new Date(place[0]);
  // The first half says nothing new, but it alone lets an index begin there.
  return and(
    lte(sessions.lastActivityAt, at),
    or(lt(sessions.lastActivityAt, at), lt(sessions.id, place[1])),
  );
}

function isUpTo(place: Place): SQL | undefined {
  const at = new Date(place[0]);
  return and(
    gte(sessions.lastActivityAt, at),
    or(gt(sessions.lastActivityAt, at), gte(sessions.id, place[1])),
  );
}

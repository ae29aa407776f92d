import "server-only";
import { and, desc, eq, gte, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";
import {
  countHours,
  hoursFrom,
  isWithin,
  startOfHour,
  suppressed,
  TRIES,
  type TryBucket,
  type TryCounts,
} from "@/lib/events/try-hours";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An address with its tries of the last 24 hours. */
export interface BusyAddress extends TryCounts {
  readonly ipAddress: string;
}

/** The tries of 24 hours by the clock (UTC), of which the current one is the last. */
export async function triesByHour(now: Date): Promise<TryBucket[]> {
  return hoursFrom(startOfHour(now) - 23 * HOUR_MS, now);
}

/** The tries of 30 days by the calendar (UTC), of which today is the last. */
export async function triesByDay(now: Date): Promise<TryBucket[]> {
  const first = Math.floor(now.getTime() / DAY_MS - 29) * DAY_MS;
  const hours = await hoursFrom(first, now);
  return Array.from({ length: 30 }, (_, day) => ({
    from: new Date(first + day * DAY_MS),
    ...sumOf(hours.slice(24 * day, 24 * (day + 1))),
  }));
}

/** The tries of the last 24 hours. */
export async function triesLastDay(now: Date): Promise<TryCounts> {
  const hours = await triesByHour(now);
  const rest = await countHours(Number(dayBefore(now)), Number(hours[0]?.from) - 1);
  return sumOf([...rest, ...hours]);
}

/** So many tries tell which addresses are busy, and are read at once. */
export const TRIES_LOOKED_AT = 2000;

/**
 * The addresses with the most of the latest tries, the busiest first: those of the last 24 hours,
 * 2,000 at most.
 */
export async function busiestAddresses(now: Date, limit: number): Promise<BusyAddress[]> {
  const { type, ipAddress } = events;
  const latest = db()
    .select({ type, ipAddress, tries: sql<number>`1 + ${suppressed}`.as("tries") })
    .from(events, { forceIndex: "events_at" })
    .where(isWithin(TRIES, dayBefore(now), now))
    .orderBy(desc(events.at))
    .limit(TRIES_LOOKED_AT)
    .as("latest");
  const of = (type: (typeof TRIES)[number]) =>
    sql<string>`sum(if(${latest.type} = ${type}, ${latest.tries}, 0))`;
  return db()
    .select({
      ipAddress: latest.ipAddress,
      signIns: of("sign_in").mapWith(Number),
      failures: of("sign_in_failed").mapWith(Number),
      throttled: of("sign_in_throttled").mapWith(Number),
    })
    .from(latest)
    .groupBy(latest.ipAddress)
    .orderBy(desc(sql`sum(${latest.tries})`), latest.ipAddress)
    .limit(limit);
}

const dayBefore = (now: Date) => new Date(now.getTime() - DAY_MS);

function sumOf(counts: readonly TryCounts[]): TryCounts {
  const of = (what: keyof TryCounts) => counts.reduce((sum, each) => sum + each[what], 0);
  return { signIns: of("signIns"), failures: of("failures"), throttled: of("throttled") };
}

const WEEK_MS = 7 * 86_400_000;
const MOST = 500;

/** Where somebody signed in from, as the app understood it. */
export interface SeenAddress {
  readonly userId: number | null;
  readonly ipAddress: string;
}

/** The addresses of the sign-ins of the last week, the newest 500. */
export async function seenAddresses(now: Date): Promise<SeenAddress[]> {
  return db()
    .select({ userId: events.userId, ipAddress: events.ipAddress })
    .from(events, { forceIndex: "events_type_at" })
    .where(and(eq(events.type, "sign_in"), gte(events.at, new Date(now.getTime() - WEEK_MS))))
    .orderBy(desc(events.at))
    .limit(MOST);
}

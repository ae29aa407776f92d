import "server-only";
import { and, count, desc, eq, gte, inArray, lte, type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { db } from "@/lib/db/connection";
import { type EventType, events } from "@/lib/db/schema";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The tries to sign in that the charts show. */
const TRIES = ["sign_in", "sign_in_failed", "sign_in_throttled"] as const;

/** How many tries to sign in came to what. */
export interface TryCounts {
  readonly signIns: number;
  readonly failures: number;
  readonly throttled: number;
}

/** Tries within one hour or one day, which begins at `from`. */
export interface TryBucket extends TryCounts {
  readonly from: Date;
}

/** An address with its tries of the last 24 hours. */
export interface BusyAddress extends TryCounts {
  readonly ipAddress: string;
}

// An event of a try that was held back stands for those that it tells of, too.
const suppressed = sql`coalesce(json_extract(${events.detail}, '$.suppressed'), 0)`;

/** The tries of 24 hours by the clock (UTC), of which the current one is the last. */
export async function triesByHour(now: Date): Promise<TryBucket[]> {
  return buckets(HOUR_MS, startsUpTo(now, HOUR_MS, 24), now);
}

/** The tries of 30 days by the calendar (UTC), of which today is the last. */
export async function triesByDay(now: Date): Promise<TryBucket[]> {
  const [today = 0, ...before] = startsUpTo(now, DAY_MS, 30).reverse();
  // What happened today stands in its hours already.
  const [days, hours] = await Promise.all([
    buckets(DAY_MS, before.reverse(), now),
    triesByHour(now),
  ]);
  const from = new Date(today);
  return [...days, { from, ...sumOf(hours.filter((hour) => hour.from >= from)) }];
}

/** The tries of the last 24 hours. */
export async function triesLastDay(now: Date): Promise<TryCounts> {
  const hours = await triesByHour(now);
  const rest = new Date(Number(hours[0]?.from) - 1);
  return sumOf([...hours, countsOf(await countedWithin(dayBefore(now), rest, DAY_MS))]);
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

// Hours and days that have passed: nothing is added to them any more, and to count millions of
// events anew for each look at a chart takes half a second. Bounded, and asked again at times.
const passed = new LRUCache<string, TryBucket>({ max: 200, ttl: DAY_MS });
const LATE_MS = 60_000;

function startsUpTo(now: Date, lengthMs: number, many: number): number[] {
  const current = Math.floor(now.getTime() / lengthMs) * lengthMs;
  return Array.from({ length: many }, (_, n) => current - (many - 1 - n) * lengthMs);
}

async function buckets(lengthMs: number, starts: readonly number[], now: Date) {
  const keyOf = (from: number) => `${lengthMs} ${from}`;
  const unknown = starts.filter((from) => !passed.has(keyOf(from)));
  const counted = await countedFrom(Math.min(...unknown), lengthMs, now);
  return starts.map((from): TryBucket => {
    const known = passed.get(keyOf(from));
    if (known) return known;
    const bucket = { from: new Date(from), ...countsOf(counted.get(from) ?? []) };
    if (from + lengthMs + LATE_MS < now.getTime()) passed.set(keyOf(from), bucket);
    return bucket;
  });
}

/** The tries since `from`, by the beginning of their hour or day. */
async function countedFrom(from: number, lengthMs: number, now: Date) {
  const counted = new Map<number, TypeCount[]>();
  // Day by day: one statement over a month of a busy site would meet its time limit.
  for (let day = from; day <= now.getTime(); day += DAY_MS) {
    const until = Math.min(day + DAY_MS - 1, now.getTime());
    for (const row of await countedWithin(new Date(day), new Date(until), lengthMs)) {
      const start = day + row.bucket * lengthMs;
      counted.set(start, [...(counted.get(start) ?? []), row]);
    }
  }
  return counted;
}

interface TypeCount {
  readonly type: string;
  readonly tries: number;
}

async function countedWithin(from: Date, until: Date, lengthMs: number) {
  // In microseconds from a parameter: the server's zone has no say.
  const since = sql`timestampdiff(microsecond, ${sql.param(from, events.at)}, ${events.at})`;
  // DIV: a quotient by / is rounded, and the last moment of an hour would count to the next.
  const bucket = sql`${since} div ${lengthMs * 1000}`.mapWith(Number).as("bucket");
  const countOf = (tries: SQL<number>, types: readonly EventType[]) =>
    db()
      .select({ type: events.type, bucket, tries })
      .from(events, { forceIndex: "events_type_at" })
      .where(isWithin(types, from, until))
      .groupBy(events.type, sql`bucket`);
  // The index alone tells how many there are; only the few that were held back are read for more.
  const [told, untold] = await Promise.all([
    countOf(count(), TRIES),
    countOf(sql<number>`sum(${suppressed})`.mapWith(Number), ["sign_in_throttled"]),
  ]);
  return [...told, ...untold];
}

function isWithin(types: readonly EventType[], from: Date, until: Date): SQL | undefined {
  return and(inArray(events.type, [...types]), gte(events.at, from), lte(events.at, until));
}

const dayBefore = (now: Date) => new Date(now.getTime() - DAY_MS);

function sumOf(counts: readonly TryCounts[]): TryCounts {
  const of = (what: keyof TryCounts) => counts.reduce((sum, each) => sum + each[what], 0);
  return { signIns: of("signIns"), failures: of("failures"), throttled: of("throttled") };
}

function countsOf(rows: readonly { type: string; tries: number }[]): TryCounts {
  const of = (type: (typeof TRIES)[number]) =>
    rows.filter((row) => row.type === type).reduce((sum, { tries }) => sum + tries, 0);
  return {
    signIns: of("sign_in"),
    failures: of("sign_in_failed"),
    throttled: of("sign_in_throttled"),
  };
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

import "server-only";
import { and, asc, count, desc, gte, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type EventType, events, tryHours } from "@/lib/db/schema";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The tries to sign in that the charts show. */
export const TRIES = ["sign_in", "sign_in_failed", "sign_in_throttled"] as const;

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

/** What charts look back at, with a day to spare. */
const KEPT_MS = 31 * DAY_MS;
/** So long after an hour its last events have been written. */
const LATE_MS = 60_000;

/**
 * Counts the hours that have passed since those that are kept, and keeps them: nothing is added to
 * them any more, and to count a busy month anew for each look at a chart takes seconds.
 */
export async function keepPassedHours(now: Date): Promise<void> {
  const oldest = startOfHour(now) - KEPT_MS;
  const first = Math.max(oldest, await endOfKept(now));
  const end = startOfHour(new Date(now.getTime() - LATE_MS));
  // From the oldest on: where this is cut short, what is kept has no gap.
  for (let from = first; from < end; from += DAY_MS) {
    const hours = await countHours(from, Math.min(from + DAY_MS, end) - 1);
    const rows = hours.map(({ from: startsAt, ...counts }) => ({ startsAt, ...counts }));
    await db().insert(tryHours).ignore().values(rows);
  }
  await db()
    .delete(tryHours)
    .where(lt(tryHours.startsAt, new Date(oldest)));
}

async function endOfKept(now: Date): Promise<number> {
  const [newest] = await db()
    .select({ startsAt: tryHours.startsAt })
    .from(tryHours)
    .where(lt(tryHours.startsAt, now))
    .orderBy(desc(tryHours.startsAt))
    .limit(1);
  return newest ? newest.startsAt.getTime() + HOUR_MS : 0;
}

/** The tries of each hour by the clock (UTC) from `first` on, of which the current one is the last. */
export async function hoursFrom(first: number, now: Date): Promise<TryBucket[]> {
  const { startsAt: from, signIns, failures, throttled } = tryHours;
  const kept = await db()
    .select({ from, signIns, failures, throttled })
    .from(tryHours)
    .where(and(gte(from, new Date(first)), lt(from, now)))
    .orderBy(asc(from));
  const end = kept.at(-1)?.from.getTime();
  const rest = end === undefined ? first : end + HOUR_MS;
  return [...kept, ...(await countHours(rest, now.getTime()))];
}

/** The beginning of its hour by the clock, in milliseconds since 1970. */
export function startOfHour(time: Date): number {
  return Math.floor(time.getTime() / HOUR_MS) * HOUR_MS;
}

/** Tries as the events tell of them, in hours that are counted from `first`; `until` belongs to the last. */
export async function countHours(first: number, until: number): Promise<TryBucket[]> {
  const hours: TryBucket[] = [];
  // Day by day: one statement over a month of a busy site would meet its time limit.
  for (let day = first; day <= until; day += DAY_MS) {
    const end = Math.min(day + DAY_MS - 1, until);
    const counted = await countWithin(new Date(day), new Date(end));
    for (let hour = 0; day + hour * HOUR_MS <= end; hour += 1) {
      const counts = countsOf(counted.filter((row) => row.hour === hour));
      hours.push({ from: new Date(day + hour * HOUR_MS), ...counts });
    }
  }
  return hours;
}

/** An event of a try that was held back stands for those that it tells of, too. */
export const suppressed = sql`coalesce(json_extract(${events.detail}, '$.suppressed'), 0)`;

async function countWithin(from: Date, until: Date) {
  // In microseconds from a parameter: the server's zone has no say.
  const since = sql`timestampdiff(microsecond, ${sql.param(from, events.at)}, ${events.at})`;
  // DIV: a quotient by / is rounded, and the last moment of an hour would count to the next.
  const hour = sql`${since} div ${HOUR_MS * 1000}`.mapWith(Number).as("hour");
  const countOf = (tries: SQL<number>, types: readonly EventType[]) =>
    db()
      .select({ type: events.type, hour, tries })
      .from(events, { forceIndex: "events_type_at" })
      .where(isWithin(types, from, until))
      .groupBy(events.type, sql`hour`);
  // The index alone tells how many there are; only the few that were held back are read for more.
  const [told, untold] = await Promise.all([
    countOf(count(), TRIES),
    countOf(sql<number>`sum(${suppressed})`.mapWith(Number), ["sign_in_throttled"]),
  ]);
  return [...told, ...untold];
}

/** Whether an event is of one of these types and of that time. */
export function isWithin(types: readonly EventType[], from: Date, until: Date): SQL | undefined {
  return and(inArray(events.type, [...types]), gte(events.at, from), lte(events.at, until));
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

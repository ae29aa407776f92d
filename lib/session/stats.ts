import "server-only";
import { and, desc, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { type Count, countRows, MOST_COUNTED } from "@/lib/db/inspect";
import { sessions } from "@/lib/db/schema";
import { deviceWords } from "@/lib/device";
import { settings } from "@/lib/env";
import { log } from "@/lib/log";
import { isNotEnded } from "@/lib/session/end-rows";
import { countLive } from "@/lib/session/list";

const BY_EXPIRY = sql`from ${sessions} force index (sessions_ended_expires)`;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How old live sessions are: up to so long after sign-in. */
const AGES = [
  ["under 1 hour", 60 * MINUTE_MS],
  ["1 hour to 1 day", DAY_MS],
  ["1 to 7 days", 7 * DAY_MS],
  ["7 to 30 days", 30 * DAY_MS],
  ["over 30 days", Number.POSITIVE_INFINITY],
] as const;

/** A part of the live sessions that were looked at. */
export interface Share {
  readonly name: string;
  readonly sessions: number;
}

/** What live sessions are like. */
export interface LiveShares {
  /** How many were looked at: those used last, 2,000 at most. */
  readonly of: number;
  /** By age, the youngest first; every age is there. */
  readonly byAge: readonly Share[];
  /** By browser, the most used first. */
  readonly byBrowser: readonly Share[];
}

/** Live sessions by age and by browser. */
export async function liveShares(now: Date): Promise<LiveShares> {
  const sample = await sampleLive();
  const byAge = AGES.map(([name]) => ({ name, sessions: 0 }));
  const byBrowser = new Map<string, number>();
  for (const { createdAt, userAgent } of sample) {
    const age = byAge[AGES.findIndex(([, limit]) => now.getTime() - createdAt.getTime() < limit)];
    if (age) age.sessions += 1;
    const { browser } = deviceWords(userAgent);
    byBrowser.set(browser, (byBrowser.get(browser) ?? 0) + 1);
  }
  const browsers = [...byBrowser].map(([name, sessions]) => ({ name, sessions }));
  return {
    of: sample.length,
    byAge,
    byBrowser: browsers.sort((a, b) => b.sessions - a.sessions),
  };
}

/** No more sessions than that are looked at. */
export const SAMPLE = 2000;

/** A live session as far as statistics look at it. */
export interface SampledSession {
  readonly createdAt: Date;
  readonly userAgent: string;
}

/** What the purge has still to do. */
export interface WaitingCounts {
  /** Time was up, and nobody has noted that yet. */
  readonly runOut: Count;
  /** Past retention, to be removed. */
  readonly pastRetention: Count;
}

/** Counted by index alone; of very many, about how many. */
export async function countWaiting(now: Date, most = MOST_COUNTED): Promise<WaitingCounts> {
  const border = new Date(now.getTime() - settings().SESSION_RETENTION_DAYS * DAY_MS);
  const isRunOut = and(isNull(sessions.endedAt), lte(sessions.expiresAt, now));
  const [runOut, pastRetention] = await Promise.all([
    countRows(sql`${BY_EXPIRY} where ${isRunOut}`, most),
    countRows(sql`${BY_EXPIRY} where ${lt(sessions.endedAt, border)}`, most),
  ]);
  return { runOut, pastRetention };
}

/** How many sessions have ended and are still kept; of very many, about how many. */
export async function countEnded(now: Date, most = MOST_COUNTED): Promise<Count> {
  const ended = await countRows(sql`${BY_EXPIRY} where ${isNotNull(sessions.endedAt)}`, most);
  if (!ended.isEstimated) return ended;
  // The server knows well how many rows a table has, and badly how many are in a large part of it.
  const [all, live] = await Promise.all([
    countRows(sql`from ${sessions}`, most),
    aboutLive(now, most),
  ]);
  return { count: Math.max(all.count - live.count, most), isEstimated: true };
}

/** How many sessions would be let in at `now`; of very many, about how many. */
export async function aboutLive(now: Date, most = MOST_COUNTED): Promise<Count> {
  const notEnded = await countRows(sql`${BY_EXPIRY} where ${isNotEnded(now)}`, most);
  if (!notEnded.isEstimated) return { count: await countLive(now), isEstimated: false };
  return { count: keptFigure(now) ?? notEnded.count, isEstimated: true };
}

// Counted on the side, for whoever asks next: a column that every sign-in adds to would have all of
// them wait for one row.
const KEPT_MS = 5 * 60_000;
let _figure: { readonly count: number; readonly at: number } | undefined;
let _counting: Promise<void> | undefined;

/** The last figure that this process counted; undefined where it has none yet. */
function keptFigure(now: Date): number | undefined {
  const isFresh = _figure && now.getTime() - _figure.at < KEPT_MS;
  if (!isFresh) _counting ??= countOnTheSide(now).finally(() => (_counting = undefined));
  return _figure?.count;
}

async function countOnTheSide(now: Date): Promise<void> {
  try {
    _figure = { count: await countLive(now), at: now.getTime() };
  } catch (error) {
    if (!isDatabaseUnavailable(error)) log().error({ err: error }, "could not count sessions");
  }
}

/** The live sessions used last, 2,000 at most: enough to tell shares from. */
export async function sampleLive(): Promise<SampledSession[]> {
  return db()
    .select({ createdAt: sessions.createdAt, userAgent: sessions.userAgent })
    .from(sessions, { forceIndex: "sessions_ended_activity" })
    .where(isNull(sessions.endedAt))
    .orderBy(desc(sessions.lastActivityAt))
    .limit(SAMPLE);
}

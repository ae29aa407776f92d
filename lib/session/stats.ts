import "server-only";
import { and, desc, isNotNull, isNull, lt, lte } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import { deviceWords } from "@/lib/device";
import { settings } from "@/lib/env";

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
  /** How many were looked at: those used last, 5,000 at most. */
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

const SAMPLE = 5000;

/** A live session as far as statistics look at it. */
export interface SampledSession {
  readonly createdAt: Date;
  readonly userAgent: string;
}

/** How many sessions are kept that have ended, and what the purge has still to do. */
export interface EndedCounts {
  readonly ended: number;
  /** Time was up, and nobody has noted that yet. */
  readonly runOut: number;
  /** Past retention, to be removed. */
  readonly pastRetention: number;
}

/** Counted by index alone. */
export async function countEnded(now: Date): Promise<EndedCounts> {
  const border = new Date(now.getTime() - settings().SESSION_RETENTION_DAYS * DAY_MS);
  const [ended, runOut, pastRetention] = await Promise.all([
    db().$count(sessions, isNotNull(sessions.endedAt)),
    db().$count(sessions, and(isNull(sessions.endedAt), lte(sessions.expiresAt, now))),
    db().$count(sessions, and(isNotNull(sessions.endedAt), lt(sessions.endedAt, border))),
  ]);
  return { ended, runOut, pastRetention };
}

/** The live sessions used last, 5,000 at most: enough to tell shares from. */
export async function sampleLive(): Promise<SampledSession[]> {
  return db()
    .select({ createdAt: sessions.createdAt, userAgent: sessions.userAgent })
    .from(sessions, { forceIndex: "sessions_ended_activity" })
    .where(isNull(sessions.endedAt))
    .orderBy(desc(sessions.lastActivityAt))
    .limit(SAMPLE);
}

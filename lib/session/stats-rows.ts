import "server-only";
import { and, desc, isNotNull, isNull, lt, lte } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import { settings } from "@/lib/env";

const SAMPLE = 5000;
const DAY_MS = 86_400_000;

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

import "server-only";
import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import type { User } from "@/lib/account/user";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import { judged } from "@/lib/session/judged";
import { type ListedSession, listedColumns } from "@/lib/session/session";

const KEPT_IN_VIEW_MS = 30 * 86_400_000;
const MOST = 500;

/** A user's own sessions. */
export interface OwnSessions {
  /** Those that live, newest activity first. */
  readonly live: readonly ListedSession[];
  /** Those that ended in the last 30 days, with their reason; the newest end first. */
  readonly ended: readonly ListedSession[];
}

/** The sessions of a user, live and lately ended, 500 at most: the rest is history. */
export async function listOwn(
  user: Pick<User, "id" | "role" | "status">,
  now: Date,
): Promise<OwnSessions> {
  const border = new Date(now.getTime() - KEPT_IN_VIEW_MS);
  const isInView = or(isNull(sessions.endedAt), gt(sessions.endedAt, border));
  const rows = await db()
    .select(listedColumns)
    .from(sessions, { forceIndex: "sessions_user_ended" })
    .where(and(eq(sessions.userId, user.id), isInView))
    .orderBy(desc(isNull(sessions.endedAt)), desc(sessions.lastActivityAt), desc(sessions.id))
    .limit(MOST);
  const all = rows.map((row) => judged(row, user, now));
  return {
    live: all.filter(({ endedAt }) => endedAt === null),
    ended: all
      .filter(({ endedAt }) => endedAt !== null && endedAt > border)
      .sort((a, b) => Number(b.endedAt) - Number(a.endedAt)),
  };
}

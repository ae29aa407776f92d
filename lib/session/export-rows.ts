import "server-only";
import { count, desc, eq } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { type Session, sessionColumns, sessionOf } from "@/lib/session/session";

/** Every session of a user that there is a row of, live or ended, newest first. */
export async function everySessionOf(userId: number): Promise<Session[]> {
  const rows = await db()
    .select(sessionColumns)
    .from(sessions, { forceIndex: "sessions_user_ended" })
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.createdAt));
  return rows.map(sessionOf);
}

/** How many those are. */
export async function countOf(executor: Executor, userId: number): Promise<number> {
  const [row] = await executor
    .select({ rows: count() })
    .from(sessions)
    .where(eq(sessions.userId, userId));
  return row?.rows ?? 0;
}

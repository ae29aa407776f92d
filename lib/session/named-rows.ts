import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { type User, userColumns } from "@/lib/account/user";
import { db } from "@/lib/db/connection";
import { sessions, users } from "@/lib/db/schema";
import { judged } from "@/lib/session/judged";
import { isLive } from "@/lib/session/lists";
import { type ListedSession, listedColumns } from "@/lib/session/session";

/** Those of the named sessions that live, with their users. */
export async function findLiveNamed(
  ids: readonly string[],
  now: Date,
): Promise<{ session: ListedSession; user: User }[]> {
  if (ids.length === 0) return [];
  const rows = await db()
    .select({ session: listedColumns, user: userColumns })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(isLive(now), inArray(sessions.id, [...ids])));
  return rows.map(({ session, user }) => ({ session: judged(session, user, now), user }));
}

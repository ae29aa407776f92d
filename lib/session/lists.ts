import "server-only";
import { and, count, eq, gt, isNull, ne, or, type SQL } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { sessions, users } from "@/lib/db/schema";
import { settings } from "@/lib/env";
import { limitsFor } from "@/lib/session/policy";

/** How many sessions would be let in at `now`. */
export async function countLive(now: Date): Promise<number> {
  const [row] = await db()
    .select({ live: count() })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(isLive(now));
  return row?.live ?? 0;
}

/** `policy.judge` in SQL, so that lists and counts agree with what a request would be told. */
export function isLive(now: Date): SQL | undefined {
  const withinLimits = (role: "member" | "staff", whose: SQL) => {
    const { idleSeconds, absoluteSeconds, isSliding } = limitsFor(role, settings());
    const basis = isSliding ? sessions.lastActivityAt : sessions.createdAt;
    const idleBorder = new Date(now.getTime() - idleSeconds * 1000);
    const absoluteBorder = new Date(now.getTime() - absoluteSeconds * 1000);
    return and(whose, gt(basis, idleBorder), gt(sessions.createdAt, absoluteBorder));
  };
  return and(
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
    gt(sessions.absoluteExpiresAt, now),
    eq(users.status, "active"),
    or(
      withinLimits("member", eq(users.role, "member")),
      withinLimits("staff", ne(users.role, "member")),
    ),
  );
}

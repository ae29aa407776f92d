import "server-only";
import { and, count, eq, notLike, or, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type Role, users } from "@/lib/db/schema";
import { settings } from "@/lib/env";

// "gatehouse1$2b$12$…": the mark, bcrypt's version, the cost.
const COST = sql`cast(substring(${users.passwordHash}, 15, 2) as unsigned)`;

/** How many active users of each role have a hash of another system or of a lower cost. */
export async function countOutdatedHashes(): Promise<Map<Role, number>> {
  const { PASSWORD_HASH_COST: cost } = settings();
  const isOutdated = or(notLike(users.passwordHash, "gatehouse1$%"), sql`${COST} < ${cost}`);
  // One that begins with ! is no password at all, and lets nobody in.
  const isUsable = notLike(users.passwordHash, "!%");
  const rows = await db()
    .select({ role: users.role, users: count() })
    .from(users)
    .where(and(eq(users.status, "active"), isUsable, isOutdated))
    .groupBy(users.role);
  return new Map(rows.map(({ role, users }) => [role, users]));
}

import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";

/** Since when somebody has an account, and when they last signed in; null when they are gone. */
export async function accountTimes(
  userId: number,
): Promise<{ createdAt: Date; lastSignInAt: Date | null } | null> {
  const [row] = await db()
    .select({ createdAt: users.createdAt, lastSignInAt: users.lastSignInAt })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

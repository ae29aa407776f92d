import "server-only";
import { asc, eq, gt, inArray } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { type Executor, retryOnDeadlock } from "@/lib/db/transaction";

/** Ends every browser's mark of being known to this user, but those that are made from now on. */
export async function forgetKnownBrowsers(
  executor: Executor,
  userId: number,
  now: Date,
): Promise<void> {
  await executor.update(users).set({ knownBrowsersSince: now }).where(eq(users.id, userId));
}

const BATCH = 1000;

/** Has nobody's browser known any more; in batches, since there may be millions of people. */
export async function forgetEverybodysBrowsers(now: Date): Promise<void> {
  for (let ids = await idsAfter(0); ids.length > 0; ids = await idsAfter(ids.at(-1) ?? 0)) {
    const batch = ids;
    await retryOnDeadlock(() =>
      db().update(users).set({ knownBrowsersSince: now }).where(inArray(users.id, batch)),
    );
  }
}

async function idsAfter(id: number): Promise<number[]> {
  const rows = await db()
    .select({ id: users.id })
    .from(users)
    .where(gt(users.id, id))
    .orderBy(asc(users.id))
    .limit(BATCH);
  return rows.map((row) => row.id);
}

import "server-only";
import { and, asc, inArray, isNotNull, like, lt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { untilNoVictim } from "@/lib/db/transaction";

const BATCH = 1000;
/** How many names as typed stay counted in a row: those of the latest tries. */
export const MOST_NAMES = 100_000;

/**
 * Removes the counts of tries whose time is over, and those of more names than `mostNames`, in
 * batches; how many. Whether a name is somebody's plays no part, or the answers would tell.
 */
export async function purgeCounts(now: Date, mostNames = MOST_NAMES): Promise<number> {
  return (await purgeOver(now)) + (await purgeSurplus(mostNames));
}

async function purgeOver(now: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const [{ affectedRows }] = await untilNoVictim(() =>
      db()
        .delete(throttle)
        .where(lt(throttle.expire, now.getTime()))
        .orderBy(asc(throttle.expire))
        .limit(BATCH),
    );
    removed += affectedRows;
    if (affectedRows < BATCH) return removed;
  }
}

// What a user's own row counts has no end.
const isName = and(like(throttle.key, "account:%"), isNotNull(throttle.expire));

async function purgeSurplus(most: number): Promise<number> {
  let removed = 0;
  for (let surplus = await countNames(most); surplus > 0; surplus = await countNames(most)) {
    const oldest = await db()
      .select({ key: throttle.key })
      .from(throttle)
      .where(isName)
      .orderBy(asc(throttle.expire))
      .limit(Math.min(surplus, BATCH));
    const keys = oldest.map(({ key }) => key);
    // By key: a walk along the ends would lock what lies between, too.
    const [{ affectedRows }] = await untilNoVictim(() =>
      db().delete(throttle).where(inArray(throttle.key, keys)),
    );
    removed += affectedRows;
  }
  return removed;
}

async function countNames(most: number): Promise<number> {
  return (await db().$count(throttle, isName)) - most;
}

import "server-only";
import { and, asc, inArray, isNotNull, like, lt, notLike } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { untilNoVictim } from "@/lib/db/transaction";

const BATCH = 1000;
/** How many rows of each kind are kept for names as typed: those of the latest tries. */
export const MOST_ROWS = 100_000;

/**
 * Removes the counts of tries whose time is over, and of each kind for names as typed those beyond
 * the latest `mostRows`, in batches; how many. Whether a name is somebody's plays no part, or the
 * answers would tell.
 */
export async function purgeCounts(now: Date, mostRows = MOST_ROWS): Promise<number> {
  let removed = await purgeOver(now);
  for (const kind of KINDS) removed += await purgeSurplus(kind, mostRows);
  return removed;
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

/** Tries in a row, tries from one address, and when the log last told of either. */
const KINDS = ["account:", "pair:", "noted:"] as const;

// What an account bears by all of its names stays until its time is over, or until it is opened.
const isNamed = (kind: string) =>
  and(
    like(throttle.key, `${kind}%`),
    notLike(throttle.key, `${kind}user %`),
    isNotNull(throttle.expire),
  );

async function purgeSurplus(kind: string, most: number): Promise<number> {
  const countSurplus = async () => (await db().$count(throttle, isNamed(kind))) - most;
  let removed = 0;
  for (let surplus = await countSurplus(); surplus > 0; surplus = await countSurplus()) {
    const oldest = await db()
      .select({ key: throttle.key })
      .from(throttle)
      .where(isNamed(kind))
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

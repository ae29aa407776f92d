import "server-only";
import { asc, lt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { untilNoVictim } from "@/lib/db/transaction";

const BATCH = 1000;

/** Removes the counts of tries whose time is over, in batches; how many. */
export async function purgeCounts(now: Date): Promise<number> {
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

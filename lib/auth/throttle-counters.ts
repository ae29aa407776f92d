import "server-only";
import { and, asc, eq, inArray, isNotNull, like, lt, notLike, type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { inTransaction, retryOnDeadlock, type Transaction } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import type { Refused } from "@/lib/refused";

/** Which count says no. */
export type CounterName = "pair" | "address" | "account" | "device" | "mail" | "mail_address";

/** One count of tries that were let through and did not prove right. */
export interface Counter {
  readonly name: CounterName;
  /** The key of its row. */
  readonly key: string;
  readonly limit: number;
  /** How long a count lives; null: until somebody ends it. */
  readonly seconds: number | null;
  /** Whether that time begins anew with each try; else with the first. */
  readonly isSliding?: boolean;
  /** Whether it counts tries in a row, so that past its limit no waiting helps. */
  readonly isRow?: boolean;
}

/** Too many tries that were not right: this one was not looked at. Answer 429. */
export interface Throttled extends Refused<"throttled"> {
  /** Which count has no try left: of several, the one with the longest wait. */
  readonly counter: Counter;
  /** Whole seconds after which the next try may be made. */
  readonly retryAfterSeconds: number;
  /** Whether there were too many in a row: somebody has to open it, waiting is no way. */
  readonly isClosed: boolean;
}

/** What a try met at the counters that let it through. */
export interface Taken {
  /** By the silent count that is full: counted where it is open, and not to be looked at. */
  readonly heldBack: Throttled | null;
  /** The silent counts that this try has brought to their limit. */
  readonly filled: readonly Counter[];
  /** All that have counted it. */
  readonly counted: readonly Counter[];
}

/** What a try is counted in. */
export interface Counters {
  /** They refuse, and say so. */
  readonly open: readonly Counter[];
  /** They have a password not looked at, and nobody is told. */
  readonly silent?: readonly Counter[];
}

/**
 * Takes one try of each counter, or of none when one of the `open` ones is full. Of the `silent`
 * ones none is taken when one of those is full. In one transaction, with the rows in one order:
 * exact over all instances, however many try at once.
 */
export async function takeTry(
  { open, silent = [] }: Counters,
  now: Date,
): Promise<Taken | Throttled> {
  return inTransaction(async (transaction) => {
    const points = await count(transaction, [...open, ...silent], now);
    const throttled = fullest(open, points, now);
    if (throttled) return throttled;
    const heldBack = fullest(silent, points, now);
    if (heldBack) {
      await giveBack(transaction, silent);
      return { heldBack, filled: [], counted: open };
    }
    const filled = silent.filter(({ key, limit }) => points.get(key)?.points === limit);
    return { heldBack, filled, counted: [...open, ...silent] };
  });
}

/** Gives one try back to each of those counters. */
export async function giveBack(
  transaction: Transaction,
  counters: readonly Counter[],
): Promise<void> {
  const keys = counters.map(({ key }) => key);
  if (keys.length === 0) return;
  await transaction
    .update(throttle)
    .set({ points: sql`greatest(${throttle.points} - 1, 0)` })
    .where(inArray(throttle.key, keys));
}

/** How much a row counts; 0 without a row. The transaction holds it from now on. */
export async function lockPoints(transaction: Transaction, key: string): Promise<number> {
  const [row] = await transaction
    .select({ points: throttle.points })
    .from(throttle)
    .where(eq(throttle.key, key))
    .for("update");
  return row?.points ?? 0;
}

interface Counted {
  readonly points: number;
  readonly expire: number | null;
}

async function count(
  transaction: Transaction,
  counters: readonly Counter[],
  now: Date,
): Promise<ReadonlyMap<string, Counted>> {
  const time = now.getTime();
  const rows = counters.map(({ key, seconds }) => ({
    key,
    points: 1,
    expire: seconds === null ? null : time + seconds * 1000,
  }));
  const isOver = sql`${throttle.expire} <= ${time}`;
  await transaction
    .insert(throttle)
    .values(rows)
    .onDuplicateKeyUpdate({
      set: {
        // In this order: the points are judged by the end that the row had.
        points: sql`if(${isOver}, 1, ${throttle.points} + 1)`,
        expire: sql`if(${isOver} or ${isSliding(counters)}, values(${throttle.expire}), ${throttle.expire})`,
      },
    });
  const keys = counters.map(({ key }) => key);
  const found = await transaction.select().from(throttle).where(inArray(throttle.key, keys));
  return new Map(found.map(({ key, ...counted }) => [key, counted]));
}

function isSliding(counters: readonly Counter[]): SQL {
  const keys = counters.filter((counter) => counter.isSliding).map(({ key }) => key);
  return keys.length > 0 ? inArray(throttle.key, keys) : sql`false`;
}

function fullest(
  counters: readonly Counter[],
  counted: ReadonlyMap<string, Counted>,
  now: Date,
): Throttled | null {
  const full = counters.flatMap((counter) => {
    const { points, expire } = counted.get(counter.key) ?? { points: 0, expire: null };
    if (points <= counter.limit) return [];
    // No time opens what has no end; somebody may have done so by then.
    const end = expire ?? now.getTime() + settings().THROTTLE_SECONDS * 1000;
    return [{ counter, waitMs: end - now.getTime() }];
  });
  const [longest] = full.sort((a, b) => b.waitMs - a.waitMs);
  return longest ? throttledBy(longest.counter, longest.waitMs) : null;
}

function throttledBy(counter: Counter, waitMs: number): Throttled {
  const retryAfterSeconds = Math.max(Math.ceil(waitMs / 1000), 1);
  return { refused: "throttled", counter, retryAfterSeconds, isClosed: counter.isRow ?? false };
}

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
    const [{ affectedRows }] = await retryOnDeadlock(() =>
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
    const [{ affectedRows }] = await retryOnDeadlock(() =>
      db().delete(throttle).where(inArray(throttle.key, keys)),
    );
    removed += affectedRows;
  }
  return removed;
}

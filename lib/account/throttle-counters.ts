import "server-only";
import { RateLimiterMySQL, RateLimiterRes } from "rate-limiter-flexible";
import { callbackPool } from "@/lib/db/callback-pool";
import { databaseName } from "@/lib/db/connection";
import { untilNoVictim } from "@/lib/db/transaction";
import { settings } from "@/lib/env";

const DAY_SECONDS = 86_400;
const SLOW_SECONDS = 1800;

/** What is counted: tries that were let through and did not prove right. */
export interface Counters {
  /** Of one account from one address. */
  readonly pair: RateLimiterMySQL;
  /** Of one account from one browser that its owner has signed in with before. */
  readonly device: RateLimiterMySQL;
  /** Of one address, whatever the account. */
  readonly address: RateLimiterMySQL;
  /** Of one account in a row, from browsers that nobody knows (NIST 800-63B: 100 at most). */
  readonly ceiling: RateLimiterMySQL;
  /** Past that ceiling: one now and then. */
  readonly slow: RateLimiterMySQL;
}

let made: Counters | undefined;

/** The counters of this database, shared by all instances; each counts in one transaction. */
export function counters(): Counters {
  made ??= makeCounters();
  return made;
}

function makeCounters(): Counters {
  const { THROTTLE_SECONDS: seconds, ...most } = settings();
  return {
    pair: counter("pair", most.THROTTLE_FAILURES, seconds),
    device: counter("device", most.THROTTLE_FAILURES, seconds),
    address: counter("address", most.THROTTLE_ADDRESS_FAILURES, seconds),
    ceiling: counter("ceiling", most.THROTTLE_ACCOUNT_FAILURES, DAY_SECONDS),
    slow: counter("slow", 1, SLOW_SECONDS),
  };
}

function counter(keyPrefix: string, points: number, duration: number): RateLimiterMySQL {
  return new RateLimiterMySQL({
    storeClient: callbackPool,
    storeType: "pool",
    dbName: databaseName(),
    tableName: "throttle",
    tableCreated: true,
    // The purge does: a timer of its own would run in every process.
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
  });
}

/** Takes one try; how many milliseconds to wait when there is none left, null when there was. */
export async function take(counter: RateLimiterMySQL, key: string): Promise<number | null> {
  try {
    await untilNoVictim(() => counter.consume(key));
    return null;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
    throw refusal;
  }
}

/** Gives one try back. */
export async function giveBack(counter: RateLimiterMySQL, key: string): Promise<void> {
  await untilNoVictim(() => counter.reward(key));
}

/** Gives all tries back. */
export async function forget(counter: RateLimiterMySQL, key: string): Promise<void> {
  await untilNoVictim(() => counter.delete(key));
}

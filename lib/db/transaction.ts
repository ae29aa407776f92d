import "server-only";
import { type Database, db } from "@/lib/db/connection";
import { databaseErrorNumber } from "@/lib/db/errors";
import { isRefused } from "@/lib/refused";

export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** What a statement runs on: the database, or a transaction that it must be part of. */
export type Executor = Database | Transaction;

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const TRIES = 4;

/**
 * Runs `work` in one transaction and again, whole, when the server chose it as the victim of a
 * deadlock. So `work` must touch nothing but the database. What it refuses is rolled back, as what
 * it throws is.
 */
export async function inTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const afterwards: (() => void)[] = [];
  const result = await retryOnDeadlock(() => {
    afterwards.length = 0;
    return unlessRefused(work, afterwards);
  });
  for (const each of afterwards) each();
  return result;
}

async function unlessRefused<T>(
  work: (transaction: Transaction) => Promise<T>,
  afterwards: (() => void)[],
): Promise<T> {
  let result: T | undefined;
  // One's own, and not drizzle's: pages and handlers have copies of its class of their own, and
  // share connections.
  const refusal = new Error("rolled back, since it was refused");
  try {
    return await db().transaction(async (transaction) => {
      waiting.set(transaction, afterwards);
      result = await work(transaction);
      if (isRefused(result)) throw refusal;
      return result;
    });
  } catch (error) {
    if (error !== refusal || !isRefused(result)) throw error;
    afterwards.length = 0;
    return result;
  }
}

const waiting = new WeakMap<Executor, (() => void)[]>();

/** Does something once what was written so far is committed; never when it is rolled back. */
export function afterCommit(executor: Executor, work: () => void): void {
  const afterwards = waiting.get(executor);
  if (afterwards) afterwards.push(work);
  else work();
}

/** Tries a single statement again where it was a victim: it is a transaction of its own. */
export async function retryOnDeadlock<T>(statement: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await statement();
    } catch (error) {
      const number = databaseErrorNumber(error);
      const isVictim = number === DEADLOCK || number === LOCK_WAIT_TIMEOUT;
      if (!isVictim || tried === TRIES) throw error;
    }
  }
}

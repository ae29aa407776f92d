import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import type { Transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";

/**
 * Runs `work` while no other process of this database runs work of the same name; null when one
 * does. The server's own lock (GET_LOCK) goes with its connection: a process that dies leaves none.
 */
export async function asLeader<T>(name: string, work: () => Promise<T>): Promise<T | null> {
  // A transaction for its connection alone: `work` uses others.
  return db().transaction(async (held) => {
    if (!(await isOne(held, sql`select get_lock(${nameOnServer(name)}, 0)`))) return null;
    try {
      return await work();
    } finally {
      await isOne(held, sql`select release_lock(${nameOnServer(name)})`);
    }
  });
}

const EVERY_MS = 10 * 60_000;

/**
 * Does some work now and then for as long as the process runs, one process of all at a time: `name`
 * says which work is the same. `isAtOnce` begins with it. Gives what ends it.
 */
export function nowAndThen(
  name: string,
  work: (now: Date) => Promise<void>,
  { everyMs = EVERY_MS, isAtOnce = false } = {},
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const plan = () => {
    // Jittered: instances that were started together do not all ask at once.
    if (!isOver) timer = setTimeout(turn, everyMs * (0.5 + Math.random())).unref();
  };
  const turn = () => once(name, work).then(plan);
  if (isAtOnce) void turn();
  else plan();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function once(name: string, work: (now: Date) => Promise<void>): Promise<void> {
  try {
    await asLeader(name, () => work(new Date()));
  } catch (error) {
    // The next turn tries again; an outage is reported by every request already.
    if (!isDatabaseUnavailable(error)) log().error({ err: error, job: name }, "a job failed");
  }
}

// Names of locks are the whole server's, and 64 characters at most.
function nameOnServer(name: string): SQL {
  return sql`concat(${`gatehouse:${name}:`}, left(sha2(database(), 256), 32))`;
}

async function isOne(connection: Transaction, question: SQL): Promise<boolean> {
  const [rows] = await connection.execute(question);
  const [row] = Array.isArray(rows) ? rows : [];
  return row !== undefined && Number(Object.values(row)[0]) === 1;
}

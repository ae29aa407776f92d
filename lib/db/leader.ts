import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import type { Transaction } from "@/lib/db/transaction";

/**
 * Runs `work` while no other process of this database runs work of the same name; null when one
 * does. The server's own lock (GET_LOCK) goes with its connection: a process that dies leaves none.
 */
export async function asLeader<T>(name: string, work: () => Promise<T>): Promise<T | null> {
  // A transaction for its connection alone: `work` uses others.
  return db().transaction(async (held) => {
    if (!(await answersOne(held, sql`select get_lock(${lockName(name)}, 0)`))) return null;
    try {
      return await work();
    } finally {
      await answersOne(held, sql`select release_lock(${lockName(name)})`);
    }
  });
}

// Names of locks are the whole server's, and 64 characters at most.
function lockName(name: string): SQL {
  return sql`concat(${`gatehouse:${name}:`}, left(sha2(database(), 256), 32))`;
}

async function answersOne(connection: Transaction, question: SQL): Promise<boolean> {
  const [rows] = await connection.execute(question);
  const [row] = Array.isArray(rows) ? rows : [];
  return row !== undefined && Number(Object.values(row)[0]) === 1;
}

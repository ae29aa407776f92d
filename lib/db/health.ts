import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";

/** How the database is. */
export interface DatabaseHealth {
  /** "11.4.2-MariaDB". */
  readonly version: string;
  /** How long one question and its answer take. */
  readonly answerMs: number;
  readonly uptimeSeconds: number;
  /** Connections that it serves now, of everybody. */
  readonly connections: number;
  /** Our tables with their indexes, as the server estimates it. */
  readonly bytes: number;
}

/** Asks the database how it is. Throws DatabaseUnavailable. */
export async function databaseHealth(): Promise<DatabaseHealth> {
  const before = performance.now();
  const version = await one(sql`select version() as value`);
  const answerMs = performance.now() - before;
  const [uptime, connections, bytes] = await Promise.all([
    one(sql`show global status like 'Uptime'`),
    one(sql`show global status like 'Threads_connected'`),
    one(sql`select sum(data_length + index_length) as value
      from information_schema.tables where table_schema = database()`),
  ]);
  return {
    version: String(version),
    answerMs,
    uptimeSeconds: Number(uptime),
    connections: Number(connections),
    bytes: Number(bytes),
  };
}

async function one(question: ReturnType<typeof sql>): Promise<unknown> {
  const [rows] = await db().execute(question);
  const [row] = Array.isArray(rows) ? rows : [];
  // Columns are called `value` or, where the server names them itself, `Value`.
  return row && Object.values(row).at(-1);
}

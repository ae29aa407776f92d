import "server-only";
import { type SQL, sql } from "drizzle-orm";
import { getTableConfig, type MySqlTable } from "drizzle-orm/mysql-core";
import journal from "@/drizzle/meta/_journal.json";
import { boundedClient, db, lookUps } from "@/lib/db/connection";
import { databaseErrorNumber } from "@/lib/db/errors";
import { TABLES } from "@/lib/db/inspect";

/** How the database is. */
export interface DatabaseHealth {
  /** "11.4.2-MariaDB". */
  readonly version: string;
  /** How long one question and its answer take. */
  readonly roundTripMs: number;
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
  const roundTripMs = performance.now() - before;
  const [uptime, connections, bytes] = await Promise.all([
    one(sql`show global status like 'Uptime'`),
    one(sql`show global status like 'Threads_connected'`),
    one(sql`select sum(data_length + index_length) as value
      from information_schema.tables where table_schema = database()`),
  ]);
  return {
    version: String(version),
    roundTripMs,
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

/** Asks the database the smallest question. Throws DatabaseUnavailable when it does not answer. */
export async function pingDatabase(): Promise<void> {
  await db().execute(sql`select 1`);
}

// No such table or column, or one that this user may not read.
const LACKING = new Set([1051, 1054, 1142, 1143, 1146]);

/**
 * What the database lacks of what this build needs: a migration, a table or a column; null when
 * everything is there. One question, whose cost does not grow with the rows. Throws
 * DatabaseUnavailable.
 */
export async function whatTablesLack(): Promise<string | null> {
  try {
    const [rows] = await db().execute(sql.join([APPLIED, ...FIRST_ROWS], sql`, `));
    const [row] = Array.isArray(rows) ? rows : [];
    const missing = MIGRATIONS.length - Number(row && Reflect.get(row, "applied"));
    return missing === 0 ? null : `${missing} of ${MIGRATIONS.length} migrations are not applied`;
  } catch (error) {
    if (LACKING.has(databaseErrorNumber(error) ?? 0)) return reason(error);
    throw error;
  }
}

// Those of this build: a database that is ahead of it has them as well.
const MIGRATIONS = journal.entries.map(({ when }) => when);
const APPLIED = sql`select (select count(distinct created_at) from __drizzle_migrations
  where created_at in ${MIGRATIONS}) as applied`;

const FIRST_ROWS = TABLES.map(firstRow);

// Reads one row at most, and is refused where a column is missing.
function firstRow(table: MySqlTable): SQL {
  const columns = getTableConfig(table).columns.map((column) => sql`${column}`);
  return sql`exists (select ${sql.join(columns, sql`, `)} from ${table})`;
}

// drizzle wraps what the server said.
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause ? reason(error.cause) : error.message;
}

/** How the connections of this process are used. */
export interface DatabaseLoad {
  readonly inUse: number;
  /** Callers that wait for one. */
  readonly waiting: number;
  /** What look-ups have cost since the start. */
  readonly lookUps: Readonly<Record<string, number>>;
}

/** How the connections of this process are used now. */
export function databaseLoad(): DatabaseLoad {
  const { load, counts } = lookUps();
  const others = boundedClient().load;
  return {
    inUse: load.inUse + others.inUse,
    waiting: load.waiting + others.waiting,
    lookUps: counts,
  };
}

import "server-only";
import { getTableName, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events, sessions, throttle, users } from "@/lib/db/schema";

/** Every table, with the column that tells its newest rows. */
const NEWEST_BY = [
  [sessions, sessions.id],
  [users, users.id],
  [events, events.id],
  [throttle, throttle.expire],
] as const;

/** One row of a dump, as the database holds it: hashes and generated columns included. */
export interface DumpedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What a dump of the newest rows of each table holds. */
export async function dumpNewest(rowsPerTable: number): Promise<DumpedRow[]> {
  const dumped: DumpedRow[] = [];
  for (const [source, newest] of NEWEST_BY) {
    const statement = sql`select * from ${source} order by ${newest} desc limit ${rowsPerTable}`;
    const [rows] = await db().execute(statement);
    for (const row of Array.isArray(rows) ? rows : [])
      dumped.push({ table: getTableName(source), row: { ...row } });
  }
  return dumped;
}

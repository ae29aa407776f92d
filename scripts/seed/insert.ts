import { getTableColumns } from "drizzle-orm";
import type { Connection } from "mysql2/promise";
import { events, sessions, users } from "@/lib/db/schema";

const TABLES = { users, sessions, events };

/** How many rows of each table. */
export interface Amounts {
  readonly users: number;
  readonly sessions: number;
  readonly events: number;
  /** Of more sessions than that the server makes copies; 250,000 if left out. */
  readonly uncopied?: number;
}

type TableName = keyof typeof TABLES;

export interface Progress {
  readonly stop: AbortSignal;
  readonly tell: (table: TableName, inserted: number) => void;
  /** What takes a while, and tells nothing until it is done. */
  readonly doing?: (words: string) => void;
}

const ROWS_A_STATEMENT = 2000;
const STATEMENTS_A_TRANSACTION = 20;

/** Puts many rows into a table, as fast as the server takes them; stops between two statements. */
export async function insertRows<Table extends TableName>(
  connection: Connection,
  table: Table,
  rows: readonly (typeof TABLES)[Table]["$inferInsert"][],
  { stop, tell }: Progress,
): Promise<void> {
  const columns = Object.entries(getTableColumns(TABLES[table]));
  const given = columns.filter(([field]) => rows[0] && field in rows[0]);
  const names = given.map(([, { name }]) => name);
  const valuesOf = (row: object) =>
    given.map(([field, column]) => {
      const value: unknown = Reflect.get(row, field);
      return value === null ? null : column.mapToDriverValue(value);
    });
  for (let from = 0, made = 1; from < rows.length; from += ROWS_A_STATEMENT, made += 1) {
    stop.throwIfAborted();
    const some = rows.slice(from, from + ROWS_A_STATEMENT).map(valuesOf);
    await connection.query("INSERT INTO ?? (??) VALUES ?", [table, names, some]);
    if (made % STATEMENTS_A_TRANSACTION === 0) await connection.commit();
    tell(table, some.length);
  }
  await connection.commit();
}

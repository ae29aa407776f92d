import type { Connection } from "mysql2/promise";

const ROWS_A_STATEMENT = 2000;
const STATEMENTS_A_TRANSACTION = 20;

/** A value that a column takes as it is. */
type Value = string | number | boolean | Date | Buffer | null;

/** Puts many rows into a table, as fast as the server takes them; stops between two statements. */
export async function insertRows(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  { stop, tell }: { stop: AbortSignal; tell: (inserted: number) => void },
): Promise<void> {
  const statement = "INSERT INTO ?? (??) VALUES ?";
  for (let from = 0, made = 1; from < rows.length; from += ROWS_A_STATEMENT, made += 1) {
    stop.throwIfAborted();
    const some = rows.slice(from, from + ROWS_A_STATEMENT);
    await connection.query(statement, [table, [...columns], some]);
    if (made % STATEMENTS_A_TRANSACTION === 0) await connection.commit();
    tell(some.length);
  }
  await connection.commit();
}

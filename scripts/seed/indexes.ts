import { getTableConfig, type MySqlTable } from "drizzle-orm/mysql-core";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { databaseErrorNumber } from "@/lib/db/errors";
import type { Progress } from "./insert";

/** The user may not change tables; a foreign key needs the index. */
const LEFT_ALONE = new Set([1142, 1553]);

/**
 * Does `work` on a table without the indexes that can be spared: to sort ten million entries once
 * takes a fraction of the time that it takes to insert them one by one. Where this was killed,
 * another run brings them back.
 */
export async function withoutIndexes(
  connection: Connection,
  table: MySqlTable,
  { doing }: Progress,
  work: () => Promise<void>,
): Promise<void> {
  const { name, indexes } = getTableConfig(table);
  for (const index of await namesOf(connection, name))
    if (indexes.some(({ config }) => config.name === index)) await drop(connection, name, index);
  try {
    await work();
  } finally {
    doing?.(`${name}: the indexes`);
    const there = await namesOf(connection, name);
    const lost = indexes.filter(({ config }) => !there.includes(config.name));
    const added = lost.map(({ config }) => {
      const columns = config.columns.flatMap((column) => ("name" in column ? [column.name] : []));
      return connection.format("ADD INDEX ?? (??)", [config.name, columns]);
    });
    if (added.length > 0)
      await connection.query(`${connection.format("ALTER TABLE ??", [name])} ${added.join(", ")}`);
  }
}

async function drop(connection: Connection, table: string, index: string): Promise<void> {
  try {
    await connection.query("ALTER TABLE ?? DROP INDEX ??", [table, index]);
  } catch (error) {
    if (!LEFT_ALONE.has(databaseErrorNumber(error) ?? 0)) throw error;
  }
}

async function namesOf(connection: Connection, table: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>("SHOW INDEX FROM ??", [table]);
  return [...new Set(rows.map((row) => String(row.Key_name)))];
}

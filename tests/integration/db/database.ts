import { randomBytes } from "node:crypto";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { inject } from "vitest";

/** Makes an empty database on the server of this test run; returns its URL. */
export async function emptyDatabase(): Promise<string> {
  const url = new URL(inject("serverUrl"));
  const name = `${url.pathname.slice(1)}_t${randomBytes(6).toString("hex")}`;
  await query(url.href, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements one after the other; returns the rows of the last. */
export async function query(url: string, ...statements: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) {
      const [result] = await connection.query<RowDataPacket[]>(statement);
      rows = Array.isArray(result) ? result : [];
    }
    return rows;
  } finally {
    await connection.end();
  }
}

export const A_USER =
  "INSERT INTO users (username, email, password_hash) VALUES ('Ada', 'ada@example.com', 'x')";

const OF_THIS = "= DATABASE()";

/** Everything that the server tells of the tables in a database, the records of migrations apart. */
export async function tablesOf(url: string): Promise<Record<string, RowDataPacket[]>> {
  const notOurs = "<> '__drizzle_migrations'";
  return {
    columns: await query(
      url,
      `SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT,
         EXTRA, COLUMN_KEY, CHARACTER_SET_NAME, COLLATION_NAME, GENERATION_EXPRESSION
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ${OF_THIS} AND TABLE_NAME ${notOurs}
       ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    ),
    indexes: await query(
      url,
      `SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, COLLATION
       FROM information_schema.STATISTICS WHERE TABLE_SCHEMA ${OF_THIS} AND TABLE_NAME ${notOurs}
       ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    ),
    references: await query(
      url,
      `SELECT TABLE_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_NAME, UPDATE_RULE, DELETE_RULE
       FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA ${OF_THIS}
       ORDER BY TABLE_NAME, CONSTRAINT_NAME`,
    ),
    tables: await query(
      url,
      `SELECT TABLE_NAME, ENGINE, TABLE_COLLATION FROM information_schema.TABLES
       WHERE TABLE_SCHEMA ${OF_THIS} AND TABLE_NAME ${notOurs} ORDER BY TABLE_NAME`,
    ),
  };
}

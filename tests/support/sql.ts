// SQL on the side: what a test knows, or changes, without the app's help.
import { escapeId, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { parse } from "uuid";
import { onConnection } from "@/tests/helpers/connection";

type Value = string | number | boolean | Date | Buffer | null;

/** The rows that a statement finds in the test file's database. */
export async function rows(statement: string, values: Value[] = []): Promise<RowDataPacket[]> {
  return onConnection(async (connection) => {
    const [found] = await connection.query<RowDataPacket[]>(statement, values);
    return found;
  });
}

/** Runs a statement that changes something. */
export async function change(statement: string, values: Value[] = []): Promise<ResultSetHeader> {
  return onConnection(async (connection) => {
    const [result] = await connection.query<ResultSetHeader>(statement, values);
    return result;
  });
}

/** The one number that a statement finds. */
export async function number(statement: string, values: Value[] = []): Promise<number> {
  const [row] = await rows(statement, values);
  return Number(Object.values(row ?? {})[0]);
}

/** All that a forged request could have changed, to be compared with what it is later. */
export async function guardedRows(): Promise<unknown> {
  return {
    sessions: await rows("SELECT HEX(id), HEX(secret_hash), user_id, ended_at FROM sessions"),
    users: await rows("SELECT * FROM users"),
    events: await number("SELECT COUNT(*) FROM events"),
  };
}

/** A sum over the rows of each table there is, to be compared with what it is later. */
export async function sumsOfAllTables(): Promise<unknown> {
  const tables = (await rows("SHOW TABLES")).map((row) => escapeId(String(Object.values(row)[0])));
  return rows(`CHECKSUM TABLE ${tables.join(", ")}`);
}

/** A session's id as its column holds it. */
export function idBytes(id: string): Buffer {
  return Buffer.from(parse(id));
}

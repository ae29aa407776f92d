import "server-only";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Migration } from "@/lib/db/migrate/migration-files";

// The name and the form that drizzle-kit's own `migrate` expects.
const CREATE = `CREATE TABLE IF NOT EXISTS __drizzle_migrations
  (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`;

/** The migrations that the database has had, by `when`; null where none was ever begun. */
export async function readLedger(connection: Connection): Promise<Set<number> | null> {
  const [tables] = await connection.query<RowDataPacket[]>(
    "SHOW TABLES LIKE '\\_\\_drizzle\\_migrations'",
  );
  if (tables.length === 0) return null;
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT created_at FROM __drizzle_migrations",
  );
  return new Set(rows.map((row) => Number(row.created_at)));
}

export async function openLedger(connection: Connection): Promise<void> {
  await connection.query(CREATE);
}

export async function record(connection: Connection, { hash, when }: Migration): Promise<void> {
  const sql = "INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)";
  await connection.query(sql, [hash, when]);
}

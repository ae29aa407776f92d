import "server-only";
import { createConnection } from "mysql2/promise";
import { readLedger } from "@/lib/db/migrate/ledger";
import { readMigrations } from "@/lib/db/migrate/migration-files";
import { differencesFrom } from "@/lib/db/migrate/take-over";

/** How far a database is behind the sources. */
export interface MigrationState {
  /** Migrations that it has not had, oldest first. */
  readonly missing: readonly string[];
  /** How its tables, columns, keys and indexes differ from those that the sources want. */
  readonly differences: readonly string[];
}

/** Compares a database with the migrations of the sources; changes nothing. */
export async function migrationState(url: string): Promise<MigrationState> {
  const connection = await createConnection({ uri: url, timezone: "Z", charset: "utf8mb4" });
  try {
    const migrations = readMigrations();
    const ledger = await readLedger(connection);
    const newest = migrations.at(-1);
    return {
      missing: migrations.filter(({ when }) => !ledger?.has(when)).map(({ tag }) => tag),
      differences: newest ? await differencesFrom(connection, newest.snapshot) : [],
    };
  } finally {
    await connection.end();
  }
}

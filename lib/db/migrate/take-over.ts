import "server-only";
import type { Connection } from "mysql2/promise";
import { factsOfDatabase } from "@/lib/db/migrate/database-facts";
import { differences, MISSING } from "@/lib/db/migrate/facts";
import type { Migration, Snapshot } from "@/lib/db/migrate/migration-files";
import { factsOfSnapshot } from "@/lib/db/migrate/snapshot-facts";

/** How the database differs from what there is after a migration, one line each. */
export async function differencesFrom(connection: Connection, snapshot: Snapshot) {
  return differences(factsOfSnapshot(snapshot), await factsOfDatabase(connection, snapshot));
}

/**
 * The migrations that a database without a record of any of them has had in effect, because
 * drizzle-kit pushed its tables. `wasBegun`: a first migration may have been cut short, so that
 * something is missing. Throws, naming what differs, where the tables are like those of no migration.
 */
export async function migrationsInEffect(
  connection: Connection,
  migrations: readonly Migration[],
  wasBegun: boolean,
): Promise<readonly Migration[]> {
  const newest = migrations.at(-1);
  if (!newest || (await factsOfDatabase(connection, newest.snapshot)).size === 0) return [];
  for (const [index, { snapshot }] of [...migrations.entries()].reverse()) {
    const differing = await differencesFrom(connection, snapshot);
    if (differing.length === 0) return migrations.slice(0, index + 1);
    if (index === 0 && wasBegun && differing.every((line) => line.endsWith(MISSING))) return [];
  }
  const differing = await differencesFrom(connection, newest.snapshot);
  throw new TablesDiffer(newest, differing, WAY_OUT);
}

const WAY_OUT =
  "Nothing was changed. Use an empty database, or bring these tables up to date with: npm run db:push";

/** The tables are neither absent nor those of a migration; the message names each difference. */
export class TablesDiffer extends Error {
  override readonly name = "TablesDiffer";

  constructor({ tag }: Migration, differing: readonly string[], wayOut = "") {
    const lines = differing.map((line) => `  - ${line}`);
    const head = `the tables are not those of migration ${tag}:`;
    super([head, ...lines, wayOut].filter(Boolean).join("\n"));
  }
}

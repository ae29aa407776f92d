import "server-only";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { databaseErrorNumber } from "@/lib/db/errors";
import { openLedger, readLedger, record } from "@/lib/db/ledger";
import { type Migration, readMigrations } from "@/lib/db/migration-files";
import { differencesFrom, migrationsInEffect, TablesDiffer } from "@/lib/db/take-over";

// Of this database alone: names of locks are the whole server's, and 64 characters at most.
const LOCK = "CONCAT('gatehouse:migrate:', LEFT(SHA2(DATABASE(), 256), 32))";
const LOCK_SECONDS = 120;

/**
 * Brings the tables up to the newest migration, each migration once, also where several do so at
 * once. Tables that drizzle-kit pushed are taken over. `tell` gets a line for each thing done.
 */
export async function migrateDatabase(
  url: string,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  const connection = await createConnection({ uri: url, timezone: "Z", charset: "utf8mb4" });
  try {
    // Ending the connection gives the lock back.
    await lock(connection);
    await migrate(connection, readMigrations(), tell);
  } finally {
    await connection.end();
  }
}

async function lock(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT GET_LOCK(${LOCK}, ?) AS GOT`, [
    LOCK_SECONDS,
  ]);
  if (rows[0]?.GOT !== 1)
    throw new Error(`another migration has been running for ${LOCK_SECONDS} seconds`);
}

async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  tell: (line: string) => void,
): Promise<void> {
  const ledger = await readLedger(connection);
  // The user of a running app may not even ask for a table (CR-7).
  if (migrations.every(({ when }) => ledger?.has(when))) return;
  // Another application may keep its own records in a table of that name.
  const hasRecords = migrations.some(({ when }) => ledger?.has(when));
  const inEffect = hasRecords
    ? []
    : await migrationsInEffect(connection, migrations, ledger !== null);
  await openLedger(connection);
  for (const migration of migrations) {
    if (ledger?.has(migration.when)) continue;
    if (inEffect.includes(migration)) tell(`${migration.tag} was there already: recorded`);
    else {
      await run(connection, migration);
      tell(`${migration.tag} done`);
    }
    await record(connection, migration);
  }
}

// A table, column, index or foreign key exists already, or is gone already.
const DONE_BEFORE = new Set([1050, 1051, 1060, 1061, 1091, 1826]);
const MARIADB_NOT_CREATED = 1005;

/**
 * Servers do not take statements like CREATE TABLE back, so one that was done by a run that was
 * cut short is passed over; then what there is at the end must be right.
 */
async function run(connection: Connection, migration: Migration): Promise<void> {
  let isResumed = false;
  for (const [index, statement] of migration.statements.entries()) {
    try {
      await connection.query(statement);
    } catch (error) {
      if (!isDoneBefore(error)) throw failure(migration, index, error);
      isResumed = true;
    }
  }
  if (!isResumed) return;
  const differing = await differencesFrom(connection, migration.snapshot);
  if (differing.length > 0) throw new TablesDiffer(migration, differing);
}

function isDoneBefore(error: unknown): boolean {
  const number = databaseErrorNumber(error) ?? 0;
  if (number === MARIADB_NOT_CREATED) return /errno: 121/.test(String(error));
  return DONE_BEFORE.has(number);
}

function failure({ tag, statements }: Migration, index: number, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const which = `statement ${index + 1} of ${statements.length} of migration ${tag}`;
  return new Error(`${which} failed: ${reason}`, { cause: error });
}

import "server-only";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { databaseErrorNumber } from "@/lib/db/errors";
import { factsOfDatabase } from "@/lib/db/migrate/database-facts";
import { differences, factsOfSnapshot, MISSING } from "@/lib/db/migrate/facts";
import { type Migration, readMigrations, type Snapshot } from "@/lib/db/migrate/migration-files";

// Of this database alone: names of locks are the whole server's, and 64 characters at most.
const NAME_ON_SERVER = "CONCAT('gatehouse:migrate:', LEFT(SHA2(DATABASE(), 256), 32))";
const WAIT_SECONDS = 120;

/**
 * Brings the tables up to the newest migration, each migration once, also where several do so at
 * once. Tables that drizzle-kit pushed are taken over. `tell` gets a line for each thing done.
 */
export async function migrateDatabase(
  url: string,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  await connected(url, async (connection) => {
    // Ending the connection gives the lock back.
    await becomeTheOnlyOne(connection);
    await migrate(connection, readMigrations(), tell);
  });
}

/** How far a database is behind the sources. */
export interface MigrationState {
  /** Migrations that it has not had, oldest first. */
  readonly missing: readonly string[];
  /** How its tables, columns, keys and indexes differ from those that the sources want. */
  readonly differences: readonly string[];
}

/** Compares a database with the migrations of the sources; changes nothing. */
export async function migrationState(url: string): Promise<MigrationState> {
  return connected(url, async (connection) => {
    const migrations = readMigrations();
    const ledger = await readLedger(connection);
    const newest = migrations.at(-1);
    return {
      missing: migrations.filter(({ when }) => !ledger?.has(when)).map(({ tag }) => tag),
      differences: newest ? await differencesFrom(connection, newest.snapshot) : [],
    };
  });
}

async function connected<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, timezone: "Z", charset: "utf8mb4" });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function becomeTheOnlyOne(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT GET_LOCK(${NAME_ON_SERVER}, ?) AS GOT`,
    [WAIT_SECONDS],
  );
  if (rows[0]?.GOT !== 1)
    throw new Error(`another migration has been running for ${WAIT_SECONDS} seconds`);
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

/** How the database differs from what there is after a migration, one line each. */
async function differencesFrom(connection: Connection, snapshot: Snapshot) {
  return differences(factsOfSnapshot(snapshot), await factsOfDatabase(connection, snapshot));
}

/**
 * The migrations that a database without a record of any of them has had in effect, because
 * drizzle-kit pushed its tables. `wasBegun`: a first migration may have been cut short, so that
 * something is missing. Throws, naming what differs, where the tables are like those of no migration.
 */
async function migrationsInEffect(
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
class TablesDiffer extends Error {
  override readonly name = "TablesDiffer";

  constructor({ tag }: Migration, differing: readonly string[], wayOut = "") {
    const lines = differing.map((line) => `  - ${line}`);
    const head = `the tables are not those of migration ${tag}:`;
    super([head, ...lines, wayOut].filter(Boolean).join("\n"));
  }
}

// The name and the form that drizzle-kit's own `migrate` expects.
const CREATE = `CREATE TABLE IF NOT EXISTS __drizzle_migrations
  (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`;

/** The migrations that the database has had, by `when`; null where none was ever begun. */
async function readLedger(connection: Connection): Promise<Set<number> | null> {
  const [tables] = await connection.query<RowDataPacket[]>(
    "SHOW TABLES LIKE '\\_\\_drizzle\\_migrations'",
  );
  if (tables.length === 0) return null;
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT created_at FROM __drizzle_migrations",
  );
  return new Set(rows.map((row) => Number(row.created_at)));
}

async function openLedger(connection: Connection): Promise<void> {
  await connection.query(CREATE);
}

async function record(connection: Connection, { hash, when }: Migration): Promise<void> {
  const sql = "INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)";
  await connection.query(sql, [hash, when]);
}

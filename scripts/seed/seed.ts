import { getTableColumns } from "drizzle-orm";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { events, sessions, users } from "@/lib/db/schema";
import { chanceFrom } from "./chance";
import { eventsOf, otherEvent, session } from "./history";
import { type Person, peopleFrom } from "./people";

const DAYS = 40;
const DAY_MS = 86_400_000;
const NOBODY = "!";
const TABLES = { users, sessions, events };

/** How many rows of each table. */
export interface Amounts {
  readonly users: number;
  readonly sessions: number;
  readonly events: number;
}

interface Progress {
  readonly stop: AbortSignal;
  readonly tell: (table: keyof Amounts, inserted: number) => void;
}

/** How many users there are that this did not make, the demo administrator apart. */
export async function countRealUsers(url: string): Promise<number> {
  return onConnection(url, (connection) =>
    one(
      connection,
      "SELECT COUNT(*) FROM users WHERE email <> 'admin@localhost' AND password_hash <> '!'",
    ),
  );
}

/** Fills a database as a busy site would in 40 days. The same `seed` makes the same people. */
export async function seedDatabase(url: string, amounts: Amounts, now: Date, progress: Progress) {
  await onConnection(url, async (connection) => {
    const chance = chanceFrom(20_261_123);
    const firstId = (await one(connection, "SELECT COALESCE(MAX(id), 0) FROM users")) + 1;
    const everybody = peopleFrom(firstId, amounts.users, chance, now);
    const [first, ...others] = everybody;
    if (!first) return;
    const rows = everybody.map((each) => ({ ...each, passwordHash: NOBODY }));
    await insertRows(connection, "users", rows, progress);
    const some: readonly [Person, ...Person[]] = [first, ...others];
    const started = Array.from({ length: amounts.sessions }, () =>
      session(some, DAYS, chance, now),
    ).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    await insertRows(connection, "sessions", started, progress);
    const told = started.flatMap(eventsOf);
    const aDay = Math.max(amounts.events - told.length, 0) / DAYS;
    for (let day = DAYS; day > 0; day -= 1) {
      const from = now.getTime() - day * DAY_MS;
      const ofSessions = told.filter(({ at }) => isWithin(at, from, day));
      const many = Math.round(aDay * day) - Math.round(aDay * (day - 1));
      const rest = Array.from({ length: many }, () => otherEvent(from, some, chance));
      const all = [...ofSessions, ...rest].sort((a, b) => a.at.getTime() - b.at.getTime());
      await insertRows(connection, "events", all, progress);
    }
  });
}

// The first day also takes what is older than all of them.
function isWithin(at: Date, from: number, day: number): boolean {
  const isOlder = day === DAYS && at.getTime() < from;
  return isOlder || (at.getTime() >= from && at.getTime() < from + DAY_MS);
}

const ROWS_A_STATEMENT = 2000;
const STATEMENTS_A_TRANSACTION = 20;

/** Puts many rows into a table, as fast as the server takes them; stops between two statements. */
async function insertRows<Table extends keyof Amounts>(
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

async function onConnection<T>(url: string, work: (connection: Connection) => Promise<T>) {
  const connection = await createConnection({ uri: url, timezone: "Z", charset: "utf8mb4" });
  try {
    await connection.query("SET autocommit = 0");
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function one(connection: Connection, question: string): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(question);
  return Number(Object.values(row ?? {})[0]);
}

import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { parse } from "uuid";
import { chanceFrom } from "./chance";
import { eventsOf, otherEvent, type SeededEvent } from "./events";
import { insertRows } from "./insert-rows";
import { type Person, people } from "./people";
import { type SeededSession, session } from "./sessions";

const DAYS = 40;
const DAY_MS = 86_400_000;
const NOBODY = "!";

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
    const everybody = people(firstId, amounts.users, chance, now);
    const [first, ...others] = everybody;
    if (!first) return;
    await insertPeople(connection, everybody, progress);
    const some: readonly [Person, ...Person[]] = [first, ...others];
    const sessions = Array.from({ length: amounts.sessions }, () =>
      session(some, DAYS, chance, now),
    ).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    await insertSessions(connection, sessions, progress);
    const told = sessions.flatMap(eventsOf);
    const aDay = Math.max(amounts.events - told.length, 0) / DAYS;
    for (let day = DAYS; day > 0; day -= 1) {
      const from = now.getTime() - day * DAY_MS;
      const ofSessions = told.filter(({ at }) => isWithin(at, from, day));
      const many = Math.round(aDay * day) - Math.round(aDay * (day - 1));
      const rest = Array.from({ length: many }, () => otherEvent(from, some, chance));
      await insertEvents(connection, [...ofSessions, ...rest], progress);
    }
  });
}

// The first day also takes what is older than all of them.
function isWithin(at: Date, from: number, day: number): boolean {
  const isOlder = day === DAYS && at.getTime() < from;
  return isOlder || (at.getTime() >= from && at.getTime() < from + DAY_MS);
}

async function insertPeople(connection: Connection, everybody: Person[], progress: Progress) {
  const columns = ["id", "username", "email", "name", "role", "status", "created_at"];
  const rows = everybody.map(({ id, username, email, name, role, status, createdAt }) => {
    return [id, username, email, name, role, status, createdAt, NOBODY];
  });
  await insertRows(connection, "users", [...columns, "password_hash"], rows, of("users", progress));
}

async function insertSessions(connection: Connection, all: SeededSession[], progress: Progress) {
  const rows = all.map((each) => [
    Buffer.from(parse(each.id)),
    // A hash that no secret fits.
    each.endedAt ? null : Buffer.alloc(32, each.id),
    each.userId,
    each.createdAt,
    each.createdAt,
    each.lastActivityAt,
    each.expiresAt,
    each.absoluteExpiresAt,
    each.endedAt,
    each.endReason,
    each.persistent,
    each.ipAddress,
    each.userAgent,
  ]);
  const names =
    "id secret_hash user_id created_at authenticated_at last_activity_at expires_at absolute_expires_at ended_at end_reason persistent ip_address user_agent";
  await insertRows(connection, "sessions", names.split(" "), rows, of("sessions", progress));
}

async function insertEvents(connection: Connection, all: SeededEvent[], progress: Progress) {
  const rows = all
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, type, userId, sessionId, ipAddress, userAgent, detail }) => {
      const session = sessionId && Buffer.from(parse(sessionId));
      return [at, type, userId, session, ipAddress, userAgent, detail];
    });
  const names = "at type user_id session_id ip_address user_agent detail".split(" ");
  await insertRows(connection, "events", names, rows, of("events", progress));
}

function of(table: keyof Amounts, { stop, tell }: Progress) {
  return { stop, tell: (inserted: number) => tell(table, inserted) };
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

import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { sessions } from "@/lib/db/schema";
import { NOBODYS_PASSWORD } from "@/lib/users/user";
import { type Chance, chanceFrom } from "./chance";
import { type Copying, insertCopies } from "./copies";
import { eventsOf, otherEvent, type SeededSession, session } from "./history";
import { withoutIndexes } from "./indexes";
import { type Amounts, insertRows, type Progress } from "./insert";
import { type Person, peopleFrom, withId } from "./people";

const DAYS = 40;
const DAY_MS = 86_400_000;
const UNCOPIED = 250_000;
const ROWS_TO_COPY = 400;

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
    const firstUser = (await one(connection, "SELECT COALESCE(MAX(id), 0) FROM users")) + 1;
    const copying = copyingOf(amounts, firstUser);
    const [first, ...others] = peopleFrom(firstUser, copying.usersApart, chance, now);
    if (!first || amounts.users === 0) return;
    const group: readonly [Person, ...Person[]] = [first, ...others];
    await insertPeople(connection, group, amounts, progress);
    const many = Math.ceil(amounts.sessions / copying.copies);
    const started = Array.from({ length: many }, () => session(group, DAYS, chance, now));
    started.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    const insert = () => insertSessions(connection, started, { amounts, copying, progress });
    // Where people use the table, they would wait.
    const isUsed = await one(connection, "SELECT EXISTS (SELECT 1 FROM sessions)");
    await (copying.copies === 1 || isUsed
      ? insert()
      : withoutIndexes(connection, sessions, progress, insert));
    await insertEvents(connection, { started, group, amounts, chance, now, progress });
  });
}

// People come in groups that are alike, one for each copy of their sessions: what a member did is
// never copied to an administrator.
function copyingOf(amounts: Amounts, firstUser: number): Copying {
  const { users, sessions, uncopied = UNCOPIED } = amounts;
  const copies = Math.max(1, Math.ceil(sessions / uncopied));
  const usersApart = Math.max(1, Math.floor(users / copies));
  const millisecondsApart = Math.ceil((DAYS * DAY_MS) / Math.max(1, sessions));
  return {
    copies,
    firstUser,
    usersApart,
    users: Math.min(users, usersApart * copies),
    millisecondsApart,
  };
}

async function insertPeople(
  connection: Connection,
  group: readonly Person[],
  { users }: Amounts,
  progress: Progress,
): Promise<void> {
  for (let from = 0; from < users; from += group.length) {
    const people = group.slice(0, users - from).map((each) => withId(each, each.id + from));
    const rows = people.map((each) => ({ ...each, passwordHash: NOBODYS_PASSWORD }));
    await insertRows(connection, "users", rows, progress);
  }
}

async function insertSessions(
  connection: Connection,
  started: readonly SeededSession[],
  { amounts, copying, progress }: { amounts: Amounts; copying: Copying; progress: Progress },
): Promise<void> {
  const { copies } = copying;
  if (copies === 1) return insertRows(connection, "sessions", started, progress);
  const whole = Math.floor(amounts.sessions / copies);
  for (let from = 0; from < whole; from += ROWS_TO_COPY) {
    progress.stop.throwIfAborted();
    const rows = started.slice(from, Math.min(from + ROWS_TO_COPY, whole));
    await insertCopies(connection, rows, copying);
    await connection.commit();
    progress.tell("sessions", rows.length * copies);
  }
  const rest = amounts.sessions - whole * copies;
  await insertCopies(connection, started.slice(whole), { ...copying, copies: rest });
  await connection.commit();
}

interface History {
  readonly started: readonly SeededSession[];
  readonly group: readonly [Person, ...Person[]];
  readonly amounts: Amounts;
  readonly chance: Chance;
  readonly now: Date;
  readonly progress: Progress;
}

/** Of sessions that were not copied, and what else happened; no more than are asked for. */
async function insertEvents(connection: Connection, history: History): Promise<void> {
  const { started, group, amounts, chance, now, progress } = history;
  const all = started.flatMap(eventsOf);
  const told = all.filter((_, index) => (index * amounts.events) % all.length < amounts.events);
  const aDay = (amounts.events - told.length) / DAYS;
  for (let day = DAYS; day > 0; day -= 1) {
    const from = now.getTime() - day * DAY_MS;
    const ofSessions = told.filter(({ at }) => isWithin(at, from, day));
    const many = Math.round(aDay * day) - Math.round(aDay * (day - 1));
    const rest = Array.from({ length: many }, () => otherEvent(from, group, chance));
    const some = [...ofSessions, ...rest].sort((a, b) => a.at.getTime() - b.at.getTime());
    await insertRows(connection, "events", some, progress);
  }
  await connection.query("DELETE FROM try_hours"); // Counted before these were there.
  await connection.commit();
}

// The first day also takes what is older than all of them.
function isWithin(at: Date, from: number, day: number): boolean {
  const isOlder = day === DAYS && at.getTime() < from;
  return isOlder || (at.getTime() >= from && at.getTime() < from + DAY_MS);
}

async function onConnection<T>(url: string, work: (connection: Connection) => Promise<T>) {
  const connection = await createConnection({ uri: url, timezone: "Z", charset: "utf8mb4" });
  try {
    // Whose a session is, this knows: the server need not look for each.
    await connection.query("SET autocommit = 0, foreign_key_checks = 0");
    return await work(connection);
  } finally {
    await connection.end();
  }
}

async function one(connection: Connection, question: string): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(question);
  return Number(Object.values(row ?? {})[0]);
}

import { expect, it } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { readMigrations } from "@/lib/db/migrate/migration-files";
import { command, PUSH } from "./command";
import { A_USER, emptyDatabase, query, tablesOf } from "./database";

const MIGRATE = "npm run db:migrate";
const LEDGER = `CREATE TABLE __drizzle_migrations
  (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`;

const ITS_SECRET = "secret_hash = REPEAT('s', 32)";
const A_SESSION = `INSERT INTO sessions SET id = '0123456789abcdef', user_id = 1, ${ITS_SECRET},
  created_at = NOW(), authenticated_at = NOW(), last_activity_at = NOW(),
  expires_at = NOW() + INTERVAL 1 DAY, absolute_expires_at = NOW() + INTERVAL 2 DAY`;

const [first] = readMigrations();
const statements = first?.statements ?? [];
const recorded = (url: string) => query(url, "SELECT hash FROM __drizzle_migrations ORDER BY id");
const expected = readMigrations().map(({ hash }) => ({ hash }));

it("RL-8: two commands at once migrate from empty once, and a further time does nothing", async () => {
  const url = await emptyDatabase();
  const both = await Promise.all([command(MIGRATE, url), command(MIGRATE, url)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const outputs = both.map(({ output }) => output);
  expect(outputs.filter((output) => output.includes(`${first?.tag} done`))).toHaveLength(1);
  expect(outputs.filter((output) => output.includes("Nothing to do"))).toHaveLength(1);
  expect(await recorded(url)).toEqual(expected);
  expect((await command(MIGRATE, url)).output).toContain("Nothing to do");
  expect(await recorded(url)).toEqual(expected);
});

it("RL-8: eight at once on an empty database run each migration once", async () => {
  const url = await emptyDatabase();
  const done: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, () => migrateDatabase(url, (line) => done.push(line))),
  );
  expect(done).toHaveLength(expected.length);
  expect(await recorded(url)).toEqual(expected);
});

it("RL-8: takes over a pushed database, with its rows", async () => {
  const url = await emptyDatabase();
  await command(PUSH, url);
  await query(url, A_USER);
  const before = await tablesOf(url);
  const done: string[] = [];
  await migrateDatabase(url, (line) => done.push(line));
  expect(done).toContainEqual(expect.stringContaining("was there already: recorded"));
  expect(await recorded(url)).toEqual(expected);
  expect(await tablesOf(url)).toEqual(before);
  expect(await query(url, "SELECT username FROM users")).toEqual([{ username: "Ada" }]);
});

it.each(
  readMigrations()
    .slice(0, -1)
    .map(({ tag }, index) => [tag, index + 1] as const),
)(
  "RL-8: brings the tables as they were after %s up to today's, with a session that lives in them",
  async (_tag, count) => {
    const url = await emptyDatabase();
    const had = readMigrations().slice(0, count);
    const records = had.map(({ hash, when }) => `('${hash}', ${when})`).join();
    await query(url, LEDGER, ...had.flatMap((each) => each.statements), A_USER, A_SESSION);
    await query(url, `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ${records}`);
    await migrateDatabase(url);
    const fresh = await emptyDatabase();
    await migrateDatabase(fresh);
    expect(await tablesOf(url)).toEqual(await tablesOf(fresh));
    expect(await recorded(url)).toEqual(expected);
    const live = await query(url, `SELECT user_id, ended_at FROM sessions WHERE ${ITS_SECRET}`);
    expect(live).toEqual([{ user_id: 1, ended_at: null }]);
  },
);

it("RL-8: how a session's user proved who they are is kept by what notes it in a byte", async () => {
  const url = await emptyDatabase();
  const noted = readMigrations().findIndex(({ tag }) => tag === "0004_methods") + 1;
  const had = readMigrations().slice(0, noted);
  const records = had.map(({ hash, when }) => `('${hash}', ${when})`).join();
  await query(url, LEDGER, ...had.flatMap((each) => each.statements), A_USER, A_SESSION);
  await query(url, `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ${records}`);
  await query(
    url,
    `UPDATE sessions SET methods = '["password"]'`,
    A_SESSION.replace("0123456789abcdef", "fedcba9876543210"),
  );
  await migrateDatabase(url);
  expect(await query(url, "SELECT method_list, methods FROM sessions ORDER BY id")).toEqual([
    { method_list: '["password"]', methods: ["password"] },
    { method_list: "[]", methods: [] },
  ]);
});

it.each([
  ["DROP TABLE events", "table events is missing"],
  ["ALTER TABLE users DROP COLUMN name", "column users.name is missing"],
  ["ALTER TABLE users ADD nickname varchar(9)", "column users.nickname is not ours: varchar(9)"],
  ["ALTER TABLE users MODIFY email varchar(254) NOT NULL", "column users.email is varchar(254)"],
  ["ALTER TABLE users ALTER role SET DEFAULT 'admin'", "default admin, where"],
  ["ALTER TABLE users DROP INDEX users_email_key", "index users.users_email_key is missing"],
  [
    "ALTER TABLE sessions DROP FOREIGN KEY sessions_user_id_users_id_fk",
    "foreign key sessions.sessions_user_id_users_id_fk is missing",
  ],
])("refuses a pushed database after %s, naming it", async (change, named) => {
  const url = await emptyDatabase();
  await query(url, ...statements, change);
  const before = await tablesOf(url);
  await expect(migrateDatabase(url)).rejects.toThrow(named);
  expect(await tablesOf(url)).toEqual(before);
  expect(await query(url, "SHOW TABLES LIKE '%drizzle%'")).toEqual([]);
});

it("refuses another application's table of the same name, before it makes one of its own", async () => {
  const url = await emptyDatabase();
  await query(url, LEDGER, "INSERT INTO __drizzle_migrations VALUES (1, 'theirs', 1)");
  await query(url, "CREATE TABLE users (id int PRIMARY KEY)");
  await expect(migrateDatabase(url)).rejects.toThrow(
    "column users.id is int not null, where bigint",
  );
  expect((await tablesOf(url)).tables).toHaveLength(1);
});

it("goes on after a first migration that was cut short at any statement", async () => {
  const whole = await emptyDatabase();
  await migrateDatabase(whole);
  for (const done of statements.keys()) {
    const url = await emptyDatabase();
    await query(url, LEDGER, ...statements.slice(0, done));
    await migrateDatabase(url);
    expect(await tablesOf(url)).toEqual(await tablesOf(whole));
    expect(await recorded(url)).toEqual(expected);
  }
});

it("names the statement that failed, records nothing, and exits with 1", async () => {
  const url = await emptyDatabase();
  const tables = statements.filter((statement) => statement.includes("CREATE TABLE"));
  // Of a user who does not exist, so that the foreign key cannot be made.
  const session = `INSERT INTO sessions (id, user_id, created_at, authenticated_at,
    last_activity_at, expires_at, absolute_expires_at)
    VALUES ('0123456789abcdef', 7, NOW(), NOW(), NOW(), NOW(), NOW())`;
  await query(url, LEDGER, ...tables, session);
  const { code, output } = await command(MIGRATE, url);
  expect(output).toMatch(/statement \d+ of \d+ of migration \w+ failed: .*foreign key constraint/);
  expect(code).toBe(1);
  expect(await recorded(url)).toEqual([]);
});

import { expect, it } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { command, PUSH } from "./command";
import { A_USER, emptyDatabase, query } from "./database";

it.each(["npm run db:push", "npx drizzle-kit push"])(
  "%s fails with the reason of a statement that failed",
  async (push) => {
    const url = await emptyDatabase();
    await query(url, "CREATE VIEW events AS SELECT 1 AS id");
    const { code, output } = await command(push, url);
    expect(output).toContain("Table 'events' already exists");
    expect(code).toBe(1);
  },
);

it.each([
  [
    "drops a column with data",
    "ALTER TABLE users ADD nickname varchar(9)",
    "delete nickname column",
  ],
  ["may be a renaming", "ALTER TABLE users RENAME COLUMN name TO title", "Interactive prompts"],
])("a push that %s asks nobody in CI: it fails with the reason", async (_, change, reason) => {
  const url = await emptyDatabase();
  await migrateDatabase(url);
  await query(url, A_USER, change);
  const { code, output } = await command(PUSH, url);
  expect(output).toContain(reason);
  expect(code).toBe(1);
  expect(await query(url, "SELECT username FROM users")).toEqual([{ username: "Ada" }]);
});

it.each([
  ["a server that is not there", "mysql://a:b@127.0.0.1:1/c", "ECONNREFUSED"],
  ["a URL of something else", "postgres://a:b@127.0.0.1:1/c", "DATABASE_URL must be mysql://"],
])("a push to %s fails with the reason", async (_, url, reason) => {
  const { code, output } = await command(PUSH, url);
  expect(output).toContain(reason);
  expect(code).toBe(1);
});

it("drizzle-kit's own migrate tells the statement's reason, too", async () => {
  const url = await emptyDatabase();
  await query(url, "CREATE TABLE events (id int PRIMARY KEY)");
  const { code, output } = await command("npx drizzle-kit migrate", url);
  expect(output).toContain("Table 'events' already exists");
  expect(code).toBe(1);
});

it("db:generate with nothing to do says so", async () => {
  const ended = await command("npm run db:generate", "");
  expect(ended.output).toContain("No schema changes, nothing to migrate");
  expect(ended.code).toBe(0);
});

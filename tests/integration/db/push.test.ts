import { expect, it } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { command, PUSH } from "./command";
import { A_USER, emptyDatabase, query, tablesOf } from "./database";

const CLEAN = "No changes detected";

it("RL-8: a second push changes nothing, with rows in the tables, by either command", async () => {
  const url = await emptyDatabase();
  const first = await command("npm run db:push", url);
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining("Changes applied") });
  await query(url, A_USER);
  const before = await tablesOf(url);
  const bare = await command("npx drizzle-kit push", url);
  expect(bare).toMatchObject({ code: 0, output: expect.stringContaining(CLEAN) });
  expect(await tablesOf(url)).toEqual(before);
  expect(await query(url, "SELECT username_key FROM users")).toEqual([{ username_key: "ada" }]);
});

it("RL-8: a pushed and a migrated database are the same, and a push agrees", async () => {
  const [pushed, migrated] = [await emptyDatabase(), await emptyDatabase()];
  await command(PUSH, pushed);
  await migrateDatabase(migrated);
  const tables = await tablesOf(pushed);
  expect(tables.tables).toHaveLength(14);
  expect(await tablesOf(migrated)).toEqual(tables);
  expect((await command(PUSH, migrated)).output).toContain(CLEAN);
});

it("a push mends columns that lost their collation, default or NOT NULL, and leaves the tables, views and checks of others alone", async () => {
  const url = await emptyDatabase();
  await query(
    url,
    "CREATE TABLE invoices (id int PRIMARY KEY, paid int, notes json, CONSTRAINT c CHECK (paid > 0))",
    "INSERT INTO invoices VALUES (1, 1, '{}')",
    "CREATE VIEW paid_invoices AS SELECT * FROM invoices",
  );
  expect(await command(PUSH, url)).toMatchObject({ code: 0 });
  const before = await tablesOf(url);
  await query(
    url,
    "ALTER TABLE users MODIFY email varchar(254) NOT NULL, ALTER role SET DEFAULT 'staff'",
    "ALTER TABLE sessions MODIFY data json NULL DEFAULT (json_object())",
  );
  expect(await tablesOf(url)).not.toEqual(before);
  expect(await command(PUSH, url)).toMatchObject({ code: 0 });
  expect(await tablesOf(url)).toEqual(before);
  expect(await query(url, "SELECT id FROM paid_invoices")).toEqual([{ id: 1 }]);
});

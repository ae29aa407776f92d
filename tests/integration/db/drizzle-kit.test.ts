import { readFileSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import { expect, it } from "vitest";
import { readTablesAsDeclared } from "@/lib/db/migrate/drizzle-kit";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { emptyDatabase } from "./database";

const kit = readFileSync("node_modules/drizzle-kit/bin.cjs", "utf8");
const question = /SELECT\s+kcu\.TABLE_SCHEMA.*?IS NOT NULL;/s.exec(kit)?.[0] ?? "";

it("drizzle-kit is told of no foreign key of another database, though it asks by name", async () => {
  const [url, other] = [await emptyDatabase(), await emptyDatabase()];
  await Promise.all([migrateDatabase(url), migrateDatabase(other)]);
  const connection = await createConnection(url);
  const sql = question.replace(/\$\{inputSchema\}/, new URL(url).pathname.slice(1));
  const [all] = await connection.execute({ sql });
  expect(all).not.toHaveLength(1);
  readTablesAsDeclared(new Map([["sessions", new Map()]]));
  const [told] = await connection.execute({ sql });
  await connection.end();
  expect(told).toMatchObject([{ CONSTRAINT_NAME: "sessions_user_id_users_id_fk" }]);
});

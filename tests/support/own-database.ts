// Runs before each test file: an empty, migrated database of its own, so that no file sees
// another's rows. Its URL is in DATABASE_URL before anything of lib is imported.
import { randomBytes } from "node:crypto";
import { createConnection } from "mysql2/promise";
import { inject } from "vitest";

const url = new URL(inject("serverUrl"));
const name = `${url.pathname.slice(1)}_t${randomBytes(6).toString("hex")}`;
const connection = await createConnection(url.href);
await connection.query("CREATE DATABASE ?? CHARACTER SET utf8mb4", [name]);
await connection.end();
url.pathname = `/${name}`;
process.env.DATABASE_URL = url.href;
const { migrateDatabase } = await import("@/lib/db/migrate/migrate");
await migrateDatabase(url.href);

// Runs before each test file: an empty, migrated database that no other worker sees. A worker keeps
// it from file to file, and so the apps that run on it; each file finds its tables empty. Its URL is
// in DATABASE_URL before anything of lib is imported.
import { randomBytes } from "node:crypto";
import { createConnection, escapeId, type RowDataPacket } from "mysql2/promise";
import { afterAll, inject, vi } from "vitest";

declare global {
  /** The database of this worker, by the server that it is on. */
  var gatehouseTestDatabases: Map<string, string> | undefined;
}

const server = inject("serverUrl");
globalThis.gatehouseTestDatabases ??= new Map();
const known = globalThis.gatehouseTestDatabases.get(server);
process.env.DATABASE_URL = known ?? (await newDatabase());
if (known) await emptyTables(known);
// What the modules of lib remember, in themselves or on globalThis, belongs to the file before.
vi.resetModules();
globalThis.gatehouseMetrics = undefined;
globalThis.gatehouseRefusalFloors = undefined;
globalThis.gatehouseTurns = undefined;

afterAll(closeWhatIsOpen);

async function newDatabase(): Promise<string> {
  const url = new URL(server);
  const name = `${url.pathname.slice(1)}_t${randomBytes(6).toString("hex")}`;
  const connection = await createConnection(url.href);
  await connection.query("CREATE DATABASE ?? CHARACTER SET utf8mb4", [name]);
  await connection.end();
  url.pathname = `/${name}`;
  process.env.DATABASE_URL = url.href;
  const { migrateDatabase } = await import("@/lib/db/migrate/migrate");
  await migrateDatabase(url.href);
  globalThis.gatehouseTestDatabases?.set(server, url.href);
  return url.href;
}

// Deleted, not truncated: numbers go on, so that nothing in an app's memory means somebody new.
async function emptyTables(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, multipleStatements: true });
  const [found] = await connection.query<RowDataPacket[]>("SHOW TABLES");
  const tables = found.map((row) => String(Object.values(row)[0]));
  const deletes = tables
    .filter((table) => !table.startsWith("__"))
    .map((table) => `DELETE FROM ${escapeId(table)}`);
  await connection.query(["SET foreign_key_checks = 0", ...deletes].join("; "));
  await connection.end();
}

async function closeWhatIsOpen(): Promise<void> {
  const open = globalThis.gatehouseDatabase;
  globalThis.gatehouseDatabase = undefined;
  await open?.client.end();
}

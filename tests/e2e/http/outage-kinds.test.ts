import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { type Database, startDatabase } from "@/scripts/database/start";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { testServers } from "@/tests/tools/clear-servers";

// A server of this file's own; the number at the end lets a later run clear away what is left.
const folder = join(testServers, `kinds-${randomBytes(4).toString("hex")}-${process.pid}`);
const projectUrl = process.env.DATABASE_URL;
const FEW_CONNECTIONS = 12;
const PROMISED_MS = 3000;

let database: Database;
let app: RunningApp;
let user: TestUser;
let cookie: string;
const table: Record<string, string | number>[] = [];

beforeAll(async () => {
  database = await start();
  process.env.DATABASE_URL = database.url;
  await migrateDatabase(database.url);
  app = await startApp();
  user = await newUser();
  cookie = await signIn(app, user);
});

afterAll(async () => {
  console.table(table);
  await app.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
  process.env.DATABASE_URL = projectUrl;
});

const start = (...extra: string[]) =>
  startDatabase({ folder, extra: [`--max-connections=${FEW_CONNECTIONS}`, ...extra] });
const session = () => app.request("/api/session", withCookie(cookie));
const credentials = () => postJson({ identifier: user.username, password: PASSWORD });

/** Asks during a fault and after it, and notes how long each took. */
async function during(fault: string, ask: typeof session, end: () => Promise<unknown>) {
  const begun = performance.now();
  const { status, setCookies, header } = await ask();
  const responseMs = Math.round(performance.now() - begun);
  const live = await app.request("/api/health/live");
  const ended = performance.now();
  await end();
  await expect.poll(async () => (await session()).status, { timeout: 20_000 }).toBe(200);
  const recoveredMs = Math.round(performance.now() - ended);
  table.push({ fault, status, "answered ms": responseMs, "recovered ms": recoveredMs });
  expect([live.status, setCookies]).toEqual([200, []]);
  expect(responseMs).toBeLessThan(PROMISED_MS);
  return { status, retryAfter: Number(header("retry-after")) };
}

describe("RL-1: the database", () => {
  test("RL-1: slow: a statement that takes too long is 503, and all is well when it is over", async () => {
    const locker = await createConnection(database.url);
    await locker.query("LOCK TABLES sessions WRITE, users WRITE");
    const response = await during("slow (tables locked)", session, () => locker.end());
    expect(response.status).toBe(503);
    expect(response.retryAfter).toBeGreaterThan(0);
  });

  test("RL-1: out of connections: 503, and all is well when there are some", async () => {
    await restart();
    const held = await allConnections();
    const free = () => Promise.all(held.map((connection) => connection.end()));
    const response = await during("out of connections", session, free);
    expect(response.status).toBe(503);
  });

  test("RL-1: read-only: reads go on, a sign-in is 503", async () => {
    await restart("--read-only=1");
    expect((await session()).status).toBe(200);
    const signingIn = () => app.request("/api/session", credentials());
    const response = await during("read-only (sign-in)", signingIn, () => restart());
    expect(response.status).toBe(503);
    expect((await app.request("/api/session", credentials())).status).toBe(200);
  });

  test("RL-1: restarted between two requests: nobody notices", async () => {
    await restart();
    const response = await during("restarted", session, async () => {});
    expect(response.status).toBe(200);
  });
});

// On the same port, so that the app finds it.
async function restart(...extra: string[]): Promise<void> {
  await database.stop();
  database = await start(...extra);
}

/** Every connection that the server has to give. */
async function allConnections(): Promise<Connection[]> {
  const held: Connection[] = [];
  for (;;) {
    try {
      held.push(await createConnection(database.url));
    } catch {
      return held;
    }
  }
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { root } from "@/scripts/root";
import { newUser } from "@/tests/helpers/people";
import { type OwnServer, ownServer } from "../../support/own-server";
import { rows } from "../../support/sql";

// Two weeks after it, summer time has begun in New York and not in Tokyo.
const START = "2026-03-01T06:30:00.123Z";
const IDLE_END = "2026-03-15T06:30:00.123Z";
const ABSOLUTE_END = "2026-05-30T06:30:00.123Z";

const Printed = z.object({
  zone: z.number(),
  seen: z.record(z.string(), z.unknown()),
  at: z.string(),
});

const ZONES = ["UTC", "America/New_York", "Asia/Tokyo"];

let server: OwnServer;
let printed: Awaited<ReturnType<typeof printedIn>>[];

beforeAll(async () => {
  server = await ownServer("--default-time-zone=+09:00");
  process.env.DATABASE_URL = server.url;
  printed = await Promise.all(ZONES.map(printedIn));
});
afterAll(() => server.stop());

async function printedIn(zone: string) {
  const { id } = await newUser();
  const options = ["--conditions=react-server", "--import", "tsx"];
  const program = join(root, "tests/integration/session/times-program.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...options, program, String(id), START],
    { cwd: root, env: { ...process.env, TZ: zone } },
  );
  return { ...Printed.parse(JSON.parse(stdout)), userId: id };
}

it("TO-8: the server is in another zone than all of the processes", async () => {
  const [zone] = await rows("SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP()) AS ahead");
  expect(zone?.ahead).toMatch(/^0?9:00:00|^08:59:59/);
});

it("TO-8: processes in any zone give and read the same times", async () => {
  expect(new Set(printed.map(({ zone }) => zone)).size).toBe(ZONES.length);
  for (const { seen, at, userId } of printed) {
    expect(seen).toMatchObject({
      userId,
      createdAt: START,
      authenticatedAt: START,
      lastActivityAt: START,
      expiresAt: IDLE_END,
      absoluteExpiresAt: ABSOLUTE_END,
    });
    expect(at).toBe("over");
  }
});

it("TO-8: in the table they stand in UTC", async () => {
  const connection = await createConnection({ uri: server.url, dateStrings: true });
  const [found] = await connection.query<RowDataPacket[]>(
    "SELECT DISTINCT created_at, expires_at, absolute_expires_at FROM sessions",
  );
  await connection.end();
  const words = (time: string) => time.replace("T", " ").replace("Z", "");
  expect(found).toEqual([
    {
      created_at: words(START),
      expires_at: words(IDLE_END),
      absolute_expires_at: words(ABSOLUTE_END),
    },
  ]);
});

it("TO-8: what the database dates by itself is in UTC, too", async () => {
  const before = Date.now();
  const { id } = await newUser();
  const [user] = await rows("SELECT created_at FROM users WHERE id = ?", [id]);
  // In the server's own zone it would be nine hours off.
  expect(Math.abs(Number(user?.created_at) - before)).toBeLessThan(60_000);
});

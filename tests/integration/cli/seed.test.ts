import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { triesByDay } from "@/lib/events/stats";
import { keepPassedHours } from "@/lib/events/try-hours";
import { searchLive } from "@/lib/session/search";
import { root } from "@/scripts/root";
import type { Amounts } from "@/scripts/seed/insert";
import { seedDatabase } from "@/scripts/seed/seed";
import { newUser } from "@/tests/helpers/people";
import { change, number, rows } from "../../support/sql";

const AMOUNTS = { users: 60, sessions: 300, events: 2000 };
const PROGRAM = [
  "--conditions=react-server",
  "--import",
  "tsx",
  join(root, "scripts/seed/main.ts"),
];
const quietly = () => ({ stop: new AbortController().signal, tell: () => {} });
const seeded = (now: Date, amounts: Amounts = AMOUNTS) =>
  seedDatabase(process.env.DATABASE_URL ?? "", amounts, now, quietly());

beforeEach(async () => {
  for (const table of ["events", "sessions", "users"]) await change(`DELETE FROM ${table}`);
});

function seed(words: readonly string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...PROGRAM, ...words], { cwd: root }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), said: out + err }),
    );
  });
}

describe("seeding", () => {
  it("makes so many users, sessions live and ended, and events of 40 days", async () => {
    const now = new Date();
    await seeded(now);
    expect(await number("SELECT COUNT(*) FROM users")).toBe(60);
    expect(await number("SELECT COUNT(*) FROM sessions")).toBe(300);
    expect(await number("SELECT COUNT(*) FROM events")).toBe(2000);
    expect(await number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).toBeGreaterThan(
      20,
    );
    expect(await number("SELECT COUNT(DISTINCT end_reason) FROM sessions")).toBeGreaterThan(4);
    expect(await number("SELECT COUNT(*) FROM events WHERE at > ?", [now])).toBe(0);
    expect((await searchLive({}, { limit: 50 }, now)).sessions).toHaveLength(50);
  });

  it("makes nobody who can sign in, and no session that a secret fits", async () => {
    await seeded(new Date());
    const hashes = await rows("SELECT DISTINCT password_hash FROM users");
    expect(hashes).toEqual([{ password_hash: "!" }]);
    const kept =
      "SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL AND secret_hash IS NOT NULL";
    expect(await number(kept)).toBe(0);
  });

  it("has the server copy what is many: as many, each of its own, nobody's but the like of theirs", async () => {
    const indexes =
      "SELECT INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME FROM information_schema.STATISTICS";
    const ofSessions = `${indexes} WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'sessions' ORDER BY 1, 2`;
    const before = await rows(ofSessions);
    const now = new Date();
    await seeded(now, { users: 200, sessions: 2003, events: 100, uncopied: 250 });
    expect(await number("SELECT COUNT(*) FROM users")).toBe(200);
    expect(await number("SELECT COUNT(*) FROM sessions")).toBe(2003);
    expect(await number("SELECT COUNT(*) FROM events")).toBe(100);
    expect(await rows(ofSessions)).toEqual(before);
    const ofGroups = "SELECT COUNT(DISTINCT (user_id - 1) DIV 22) FROM sessions";
    expect(await number(ofGroups)).toBeGreaterThan(8);
    const unlike =
      "SELECT COUNT(*) FROM sessions s LEFT JOIN users u ON u.id = s.user_id WHERE u.id IS NULL OR (s.ended_at IS NULL AND u.status = 'disabled' AND s.expires_at > ?)";
    expect(await number(unlike, [now])).toBe(0);
    const mislabelled =
      "SELECT COUNT(*) FROM sessions WHERE CONV(HEX(LEFT(id, 6)), 16, 10) <> ROUND(UNIX_TIMESTAMP(created_at) * 1000) OR SUBSTR(HEX(id), 13, 1) <> '7'";
    expect(await number(mislabelled)).toBe(0);
    expect(await number("SELECT COUNT(*) FROM sessions WHERE created_at > ?", [now])).toBe(0);
  });

  it("shows its tries in the charts of a site that has kept the hours of before", async () => {
    const now = new Date();
    await keepPassedHours(now);
    await seeded(now);
    // Today may have just begun.
    const days = (await triesByDay(now)).slice(0, -1);
    expect(days.filter(({ signIns }) => signIns === 0)).toEqual([]);
  });

  it("makes the same people each time", async () => {
    const now = new Date();
    const names = "SELECT name FROM users ORDER BY id";
    await seeded(now);
    const first = await rows(names);
    await change("DELETE FROM users");
    await seeded(now);
    expect(await rows(names)).toEqual(first);
  });

  it("says how to sign in: with the command that makes an administrator, or as the one that is there", async () => {
    const few = ["--users", "5", "--sessions", "10", "--events", "30", "--add"];
    expect((await seed(few)).said).toMatch(/npm run manage -- users create .+ --role admin/);
    // The same people have the same sessions each time.
    await change("DELETE FROM sessions");
    const admin = await newUser({ role: "admin" });
    expect((await seed(few)).said).toMatch(
      new RegExp(`Sign in as ${admin.username}[^]+users set-password ${admin.username}`),
    );
  });

  it("refuses a database of people, unless it is told to add", async () => {
    await newUser();
    const few = ["--users", "5", "--sessions", "10", "--events", "30"];
    const refused = await seed(few);
    expect(refused).toMatchObject({ code: 1, said: expect.stringContaining("--add") });
    expect(await number("SELECT COUNT(*) FROM users")).toBe(1);
    expect(await seed([...few, "--add"])).toMatchObject({ code: 0 });
    expect(await number("SELECT COUNT(*) FROM users")).toBe(6);
  });
});

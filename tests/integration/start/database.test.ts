import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection, createPool } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { grantsFinding } from "@/scripts/check/grants";
import { serverProgram } from "@/scripts/database/server-program";
import { startDatabase } from "@/scripts/database/start";
import { isRunning, markOf } from "@/scripts/processes";
import { root } from "@/scripts/root";
import { until } from "@/tests/support/npm";
import { testServers } from "@/tests/tools/clear-servers";
import { mysql9 } from "@/tests/tools/mysql9";

const OWNER = join(root, "tests/support/database-owner.ts");

describe("startDatabase", () => {
  let folder = "";
  beforeEach(() => {
    // Where a run that is broken off has its servers stopped.
    folder = join(testServers, `${randomUUID()}-${process.pid}`);
    mkdirSync(folder, { recursive: true });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["the machine's own server", async () => ({})],
    ["MySQL 9", async () => ({ server: await mysql9(new AbortController().signal) })],
  ])("kill -9 of %s loses nothing that was acknowledged", async (_name, options) => {
    const server = await options();
    const before = await startDatabase({ folder, ...server });
    const acknowledged = await writeUntilKilled(before);
    const after = await startDatabase({ folder, ...server });
    const connection = await createConnection(after.url);
    const [rows] = await connection.query("SELECT COUNT(*) AS n FROM written");
    await connection.end();
    await after.stop();
    // One more may be there: written, but killed before the answer.
    expect([acknowledged, acknowledged + 1]).toContain(count(rows));
    expect(after.url).toBe(before.url);
  });

  it.each([
    ["the machine's own server", async () => ({})],
    ["MySQL 9", async () => ({ server: await mysql9(new AbortController().signal) })],
  ])(
    "CR-8: on %s the app's user reads and writes rows and does nothing else",
    async (_name, options) => {
      const database = await startDatabase({ folder, ...(await options()) });
      const [owner, app] = [database.url, database.runtimeUrl].map((uri) => createPool({ uri }));
      try {
        await owner?.query("CREATE TABLE kept (id INT PRIMARY KEY)");
        await app?.query("INSERT INTO kept VALUES (1)");
        const [rows] = (await app?.query("SELECT COUNT(*) AS n FROM kept")) ?? [];
        expect(count(rows)).toBe(1);
        const [grants] = (await app?.query("SHOW GRANTS")) ?? [];
        const told = Array.isArray(grants)
          ? grants.map((row) => String(Object.values(row)[0]))
          : [];
        expect(grantsFinding(told, "gatehouse", "'gatehouse_app'@'127.0.0.1'")).toMatchObject({
          ok: true,
        });
        for (const statement of [
          "CREATE TABLE other (id INT)",
          "ALTER TABLE kept ADD other INT",
          "DROP TABLE kept",
          "TRUNCATE TABLE kept",
          "CREATE TRIGGER t BEFORE INSERT ON kept FOR EACH ROW SET NEW.id = 2",
          "CREATE DATABASE gatehouse_other",
          "GRANT DROP ON gatehouse.* TO CURRENT_USER()",
        ])
          await expect(app?.query(statement), statement).rejects.toThrow(
            /denied|not have the SUPER privilege/,
          );
      } finally {
        await Promise.all([owner?.end(), app?.end()]);
        await database.stop();
      }
    },
  );

  it("CR-8: gives a folder without the app's password a new one, and keeps its data", async () => {
    const before = await startDatabase({ folder });
    const owner = await createConnection(before.url);
    await owner.query("CREATE TABLE kept (id INT PRIMARY KEY)");
    await owner.end();
    await before.stop();
    rmSync(join(folder, "runtime-password"));
    const after = await startDatabase({ folder });
    const app = await createConnection(after.runtimeUrl);
    const [rows] = await app.query("SELECT COUNT(*) AS n FROM kept");
    await app.end();
    await after.stop();
    expect(count(rows)).toBe(0);
    expect([after.url, after.runtimeUrl]).not.toContain(before.runtimeUrl);
  });

  it("CR-8: runs as whoever starts it, and takes over a folder whose data were a lesser account's", async () => {
    const before = await startDatabase({ folder });
    const owner = await createConnection(before.url);
    await owner.query("CREATE TABLE kept (id INT PRIMARY KEY)");
    await owner.end();
    await before.stop();
    // As an older version that root started left it. Nobody else can, nor needs to.
    spawnSync("chown", ["-R", "65534:65534", join(folder, "data"), join(folder, "tmp")]);
    const after = await startDatabase({ folder });
    const status = readFileSync(`/proc/${after.pid}/status`, "utf8");
    const again = await createConnection(after.url);
    await again.query("INSERT INTO kept VALUES (1)");
    await again.end();
    await after.stop();
    expect(status).toMatch(new RegExp(`^Uid:\\t${process.getuid?.()}\\t`, "m"));
    for (const file of ["data", "tmp"])
      expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o700);
  });

  it("joins and later stops a server whose owner was killed", async () => {
    const owner = spawn(process.execPath, ["--import", "tsx", OWNER, folder], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(owner.stdout, "data");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    const database = await startDatabase({ folder });
    expect(database).toMatchObject({ started: false, pid: Number(line) });
    const mark = markOf(database.pid);
    await database.stop();
    expect(mark && isRunning(mark)).toBe(false);
  });

  it("joins a server that is up, and only the last user stops it", async () => {
    const [one, two] = await Promise.all([startDatabase({ folder }), startDatabase({ folder })]);
    expect(two.pid).toBe(one.pid);
    expect([one.started, two.started].filter(Boolean)).toHaveLength(1);
    const mark = markOf(one.pid);
    await one.stop();
    expect(mark && isRunning(mark)).toBe(true);
    await two.stop();
    expect(mark && isRunning(mark)).toBe(false);
  });

  it("takes another port when its own is taken, never a second server on it", async () => {
    const one = await startDatabase({ folder });
    await one.stop();
    const port = Number(new URL(one.url).port);
    const blocker = createServer().listen(port, "127.0.0.1");
    await once(blocker, "listening");
    const again = await startDatabase({ folder });
    blocker.close();
    await again.stop();
    expect(Number(new URL(again.url).port)).not.toBe(port);
  });

  it("leaves alone what other servers of the machine have in its folder for temporary files", async () => {
    // Named as MariaDB and MySQL name them, and theirs to remove.
    const file = join(tmpdir(), `#sql-temptable-${randomUUID()}`);
    writeFileSync(file, "");
    const database = await startDatabase({ folder });
    await database.stop();
    expect(existsSync(file)).toBe(true);
    rmSync(file);
  });

  it("shows the server's own last words when it does not start", async () => {
    const broken = startDatabase({ folder, extra: ["--no-such-option=1"] });
    await expect(broken).rejects.toThrow(/did not start:[\s\S]*no-such-option/);
  });

  it("says the three ways to go on where there is no server and none can be brought", async () => {
    const never = new AbortController().signal;
    const nowhere = { folders: [folder], mayInstall: false };
    const attempt = serverProgram(join(folder, "apt.log"), never, undefined, nowhere);
    await expect(attempt).rejects.toThrow(
      /install MariaDB or MySQL[\s\S]*DATABASE_URL[\s\S]*as root/,
    );
  });

  it("listens on this machine alone", async () => {
    const database = await startDatabase({ folder });
    const port = Number(new URL(database.url).port).toString(16).toUpperCase().padStart(4, "0");
    const listening = readFileSync("/proc/net/tcp", "utf8")
      .split("\n")
      .filter((row) => row.includes(`:${port} 00000000:0000 0A`));
    await database.stop();
    expect(listening).toHaveLength(1);
    expect(listening[0]).toContain("0100007F:");
  });
});

async function writeUntilKilled({ url, pid }: { url: string; pid: number }): Promise<number> {
  const connection = await createConnection(url);
  await connection.query("CREATE TABLE written (id INT PRIMARY KEY AUTO_INCREMENT)");
  const mark = markOf(pid);
  let acknowledged = 0;
  const writing = (async () => {
    for (;;) {
      await connection.query("INSERT INTO written () VALUES ()");
      acknowledged += 1;
    }
  })().catch(() => acknowledged);
  await until(() => acknowledged > 100);
  process.kill(pid, "SIGKILL");
  await writing;
  await until(() => !mark || !isRunning(mark));
  return acknowledged;
}

function count(rows: unknown): number {
  const [row]: unknown[] = Array.isArray(rows) ? rows : [];
  return row && typeof row === "object" && "n" in row ? Number(row.n) : -1;
}

import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BRAND } from "@/lib/brand";
import { freePort } from "@/scripts/free-port";
import { npm, processesIn, type Run } from "@/tests/support/npm";
import { copyProject, type ProjectCopy } from "@/tests/support/project-copy";

const READY = `${BRAND.name} is ready`;
const STOP_LIMIT_MS = 10_000;

describe("npm start", () => {
  let copy: ProjectCopy;
  let port = 0;
  let first: Run;

  beforeAll(async () => {
    copy = copyProject();
    // As an older version made it.
    mkdirSync(join(copy.folder, ".data"), { mode: 0o755 });
    port = await freePort();
    first = npm(copy.folder, ["start"], { PORT: String(port) });
    await first.printed(READY);
  });
  afterAll(async () => {
    first.stop();
    await first.ended;
    copy.remove();
  });

  it("prints one URL and, once, a demo administrator who can sign in", async () => {
    expect(first.output().match(/https?:\/\/\S+/g)).toEqual([`http://localhost:${port}`]);
    // Next's own first words.
    expect(first.output()).not.toMatch(/^✓/m);
    const lines = first.output().match(/^Demo administrator: (\S+) {2}password: (\S+)$/gm);
    expect(lines).toHaveLength(1);
    const [, identifier, password] = /: (\S+) {2}password: (\S+)/.exec(lines?.[0] ?? "") ?? [];
    const response = await postSession(port, { identifier, password });
    expect(response.status).toBe(200);
  });

  it("CR-8: keeps every secret in files that only their owner can read", () => {
    const data = join(copy.folder, ".data");
    for (const file of [
      "session-secret",
      "database/password",
      "database/runtime-password",
      "database/server.json",
    ])
      expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600);
    for (const folder of [data, join(data, "database/data")])
      expect(statSync(folder).mode & 0o777, folder).toBe(0o700);
    expect(readdirSync(join(data, "database"))).not.toContain("init.sql");
  });

  it("lets root into the database neither without a password nor with ours", async () => {
    const url = new URL(databaseUrl(copy.folder));
    for (const password of ["", decodeURIComponent(url.password)]) {
      const options = { host: "127.0.0.1", port: Number(url.port), user: "root", password };
      await expect(createConnection(options)).rejects.toMatchObject({
        code: expect.stringMatching(/ACCESS_DENIED/),
      });
    }
  });

  it("does not start on a port that is taken, and says whom to stop", async () => {
    const second = npm(copy.folder, ["start"], { PORT: String(port) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(
      new RegExp(`Port ${port} is taken by .+Stop that, or choose another: PORT=${port + 1}`),
    );
  });

  it("RL-10: SIGTERM lets a running request finish, exits 0 in time and leaves no process; the next start serves the same data", async () => {
    const request = await beginSlowRequest(port);
    const stoppedAt = Date.now();
    expect(processesIn(copy.folder).length).toBeGreaterThan(2);
    process.kill(first.pid, "SIGTERM");
    process.kill(first.pid, "SIGTERM");
    await refusesNewConnections(port);
    request.finish();
    expect(await request.response).toMatch(/^HTTP\/1.1 401 /);
    expect(await first.ended).toBe(0);
    const stopMs = Date.now() - stoppedAt;
    expect(stopMs).toBeLessThan(STOP_LIMIT_MS);
    expect(processesIn(copy.folder)).toEqual([]);
    expect(copy.changes()).toBe("");
    const log = readFileSync(join(copy.folder, ".data/database/server.log"), "utf8");
    expect(log).toMatch(/Shutdown complete/);

    const startedAt = Date.now();
    first = npm(copy.folder, ["start"], { PORT: String(port) });
    await first.printed(READY);
    console.log(`stopped in ${stopMs} ms, served again in ${Date.now() - startedAt} ms`);
    expect(first.output()).not.toContain("Demo administrator");
    expect(first.output()).not.toContain("Building");
  });
});

function databaseUrl(folder: string): string {
  const data = join(folder, ".data/database");
  const { port }: { port: number } = JSON.parse(readFileSync(join(data, "server.json"), "utf8"));
  const password = readFileSync(join(data, "password"), "utf8").trim();
  return `mysql://gatehouse:${password}@127.0.0.1:${port}/gatehouse`;
}

function postSession(port: number, body: unknown): Promise<Response> {
  return fetch(`http://localhost:${port}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
    body: JSON.stringify(body),
  });
}

/** A sign-in whose body has come only in part: the server has begun it and cannot end it yet. */
async function beginSlowRequest(port: number) {
  const body = JSON.stringify({ identifier: "nobody", password: "not the password of anybody" });
  const socket: Socket = connect(port, "127.0.0.1");
  socket.write(
    [
      "POST /api/session HTTP/1.1",
      `Host: localhost:${port}`,
      "Content-Type: application/json",
      "Sec-Fetch-Site: same-origin",
      `Content-Length: ${body.length}`,
      "Expect: 100-continue",
      "Connection: close",
      "",
      "",
    ].join("\r\n"),
  );
  // "100 Continue" is the server's word that the request has begun.
  await new Promise((resolve) => socket.once("data", resolve));
  socket.write(body.slice(0, 10));
  return { response: text(socket), finish: () => socket.write(body.slice(10)) };
}

async function refusesNewConnections(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  while (await isOpen());
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import journal from "@/drizzle/meta/_journal.json";
import { newUser } from "@/tests/helpers/people";
import { sendNewPassword, signedInVisitor } from "@/tests/support/account-pages";
import { postJson } from "@/tests/support/asking";
import { alertIn, fieldError } from "@/tests/support/forms";
import { withoutSessionsTable } from "@/tests/support/missing-table";
import { copyProject } from "@/tests/support/project-copy";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";

let app: RunningApp;

const ready = () => app.request("/api/health/ready");

async function expectNotReady(): Promise<void> {
  const response = await ready();
  expect(response.status).toBe(503);
  expect(response.header("content-type")).toBe("application/problem+json; charset=utf-8");
  expect(response.json()).toMatchObject({ status: 503, title: "Not ready" });
  expect(Number(response.header("retry-after"))).toBeGreaterThan(0);
  expect(response.text).not.toMatch(/sessions|migration|worker|hash/i);
  expect((await app.request("/api/health/live")).status).toBe(200);
}

describe("readiness and the tables", () => {
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.stop());

  test("CR-9: green on a migrated database", async () => {
    expect((await ready()).status).toBe(200);
  });

  test("CR-9: red while a table is missing, and the log says which", async () => {
    await withoutSessionsTable(expectNotReady);
    expect(app.log()).toMatch(/sessions' doesn't exist.+not ready/);
    expect((await ready()).status).toBe(200);
  });

  test("CR-9: red while a column is missing", async () => {
    await change("ALTER TABLE users RENAME COLUMN status TO mislaid");
    await expectNotReady();
    await change("ALTER TABLE users RENAME COLUMN mislaid TO status");
    expect((await ready()).status).toBe(200);
  });

  test("CR-9: red without a migration that this build needs, green on a database that is ahead", async () => {
    const newest = journal.entries.at(-1)?.when ?? 0;
    const move = (from: number, to: number) =>
      change("UPDATE __drizzle_migrations SET created_at = ? WHERE created_at = ?", [to, from]);
    await move(newest, newest + 1);
    await expectNotReady();
    expect(app.log()).toMatch(/1 of \d+ migrations are not applied/);
    await move(newest + 1, newest);
    await change("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', ?)", [
      newest + 1,
    ]);
    expect((await ready()).status).toBe(200);
    await change("DELETE FROM __drizzle_migrations WHERE hash = 'later'");
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    "PW-12: a list of one's own that is not there",
    { PASSWORD_BLOCKLIST: "/nowhere/list.txt" },
    /PASSWORD_BLOCKLIST is .+there is no such file/,
  ],
  ["CR-1: no SESSION_SECRET", { SESSION_SECRET: "" }, /SESSION_SECRET is not usable: it must be/],
])("%s ends the server itself, without npm's checks before it", async (_what, settings, words) => {
  await expect(startApp(settings)).rejects.toThrow(words);
});

describe("threads that cannot begin", () => {
  let worker = "";
  let whole = "";
  let listWorker = "";
  let wholeList = "";

  beforeAll(async () => {
    const { folder } = copyProject(inject("scratchFolder"));
    worker = join(folder, "lib/auth/password-worker.mjs");
    whole = readFileSync(worker, "utf8");
    writeFileSync(worker, `import "a-package-that-is-not-there";\n${whole}`);
    listWorker = join(folder, "lib/auth/blocklist-worker.mjs");
    wholeList = readFileSync(listWorker, "utf8");
    writeFileSync(listWorker, `import "another-that-is-not-there";\n${wholeList}`);
    const list = join(folder, "list.txt");
    writeFileSync(list, "seven blue umbrellas\n");
    app = await startApp({ PASSWORD_BLOCKLIST: list }, { folder });
  });
  afterAll(() => app.stop());

  test("CR-9: red while passwords cannot be hashed; a sign-in is 503, too, and waits for nothing", async () => {
    await expectNotReady();
    expect(app.log()).toMatch(/a-package-that-is-not-there.+not ready/s);
    const { username, password } = await newUser();
    const response = await app.request(
      "/api/session",
      postJson({ identifier: username, password }),
    );
    expect(response.status).toBe(503);
  });

  test("CR-9: green again, without a restart, once they can", async () => {
    writeFileSync(worker, whole);
    await expect.poll(async () => (await ready()).status).toBe(200);
    const { username, password } = await newUser();
    const response = await app.request(
      "/api/session",
      postJson({ identifier: username, password }),
    );
    expect(response.status).toBe(200);
  });

  test("PW-12: while one's own list cannot be read, no password is taken, and the page says so", async () => {
    const { visitor, user } = await signedInVisitor(app);
    const refused = await sendNewPassword(visitor);
    expect(alertIn(refused.text)).toContain("cannot be checked right now. Nothing was changed");
    expect(app.log()).toMatch(/another-that-is-not-there.+could not read PASSWORD_BLOCKLIST/s);
    const signIn = postJson({ identifier: user.username, password: user.password });
    expect((await app.request("/api/session", signIn)).status).toBe(200);

    writeFileSync(listWorker, wholeList);
    const listed = await sendNewPassword(visitor, { newPassword: "seven blue umbrellas" });
    expect(fieldError(listed.text, "newPassword")).toContain("known to others");
    expect((await sendNewPassword(visitor)).status).toBe(303);
  });
});

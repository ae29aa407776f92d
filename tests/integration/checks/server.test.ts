import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "@/scripts/check/check";
import { urlOf, userSql } from "../../support/database-users";
import { type OwnServer, ownServerWith } from "../../support/own-server";
import { underSettings } from "../../support/under-settings";

// A server that is set up wrong in every respect, with users who may do too little and too much.
const WRONG = [
  "--innodb-flush-log-at-trx-commit=2",
  "--sql-mode=",
  "--max-connections=20",
  "--default-time-zone=+05:30",
  "--transaction-isolation=READ-UNCOMMITTED",
];
const RIGHTS = "SELECT, INSERT, UPDATE, DELETE";
const USERS = [
  ...userSql("right", RIGHTS),
  ...userSql("owner", "ALL PRIVILEGES"),
  ...userSql("granting", `${RIGHTS}, GRANT OPTION`),
  ...userSql("reader", "SELECT"),
  ...userSql("filing", RIGHTS),
  ...userSql("filing", "FILE", "*.*"),
];

let server: OwnServer;

beforeAll(async () => {
  server = await ownServerWith({ extra: WRONG, sql: USERS });
});
afterAll(() => server.stop());

/** What one check finds there as a user: "ok", or the fault and its fix. */
async function found(id: string, user = "right"): Promise<string> {
  const DATABASE_URL = urlOf(user, server.url);
  const { all, settings, close } = await underSettings({ DATABASE_URL }, async () => ({
    all: (await import("@/scripts/check/run")).WITH_DATABASE,
    settings: (await import("@/lib/env")).settings(),
    close: (await import("@/lib/db/connection")).closeDatabase,
  }));
  // The pool is the process's: what an earlier user opened is not this one's.
  await close();
  try {
    const check: Check | undefined = all.find((each) => each.id === id);
    const finding = await check?.run({ settings, now: new Date() });
    if (!finding) return "no such check";
    return finding.ok ? "ok" : `${finding.fault}: ${finding.fix}`;
  } finally {
    await close();
  }
}

describe("CR-7: check --deploy, of the database user", () => {
  it("CR-7: one who may read and write rows alone is right", async () => {
    expect(await found("grants")).toBe("ok");
  });

  it.each([
    ["owner", /ALL PRIVILEGES on `gatehouse`/],
    ["granting", /GRANT OPTION on `gatehouse`/],
    ["filing", /FILE on \*\.\*/],
    ["reader", /may not INSERT, UPDATE, DELETE/],
  ])("CR-7: %s is not; the fix is the line to write", async (user, what) => {
    const said = await found("grants", user);
    expect(said).toMatch(what);
    expect(said).toContain(`GRANT ${RIGHTS} ON \`gatehouse\`.* TO '${user}'@'127.0.0.1';`);
    expect(said).not.toContain(`password-of-${user}`);
  });
});

describe("check --deploy, of the server", () => {
  it.each([
    ["durability", "innodb_flush_log_at_trx_commit = 1"],
    ["sql-mode", "sql_mode = STRICT_TRANS_TABLES"],
    ["time-zone", "default-time-zone = +00:00"],
    ["isolation", "transaction-isolation = REPEATABLE-READ"],
    ["connections", "max_connections = 25"],
  ])("%s: finds what is set up wrong, and says the line to write", async (id, line) => {
    expect(await found(id)).toContain(`[mysqld] ${line}`);
  });

  it("TO-8: the clock agrees in any time zone", async () => {
    expect(await found("clock")).toBe("ok");
  });

  it("CR-7: every check can be made by a user who may read and write rows alone", async () => {
    for (const id of ["migrations", "tables", "engine", "charset", "indexes", "purge", "tls"])
      expect(await found(id), id).toBe("ok");
  });
});

describe("CR-7: a start as that user", () => {
  it("CR-7: finds every table and changes none", async () => {
    const { migrateDatabase } = await import("@/lib/db/migrate/migrate");
    await expect(migrateDatabase(urlOf("right", server.url))).resolves.toBeUndefined();
  });
});

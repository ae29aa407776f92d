import { afterAll, afterEach, describe, expect, it } from "vitest";
import { settings } from "@/lib/env";
import { WITH_DATABASE } from "@/scripts/check/run";
import { newUser } from "@/tests/helpers/people";
import { manySessions } from "../../support/many-sessions";
import { aUser, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const HOUR_MS = 3_600_000;

/** What one check finds in the test file's database: "ok", or the fault and its fix. */
async function found(id: string): Promise<string> {
  const check = WITH_DATABASE.find((each) => each.id === id);
  const finding = await check?.run({ settings: settings(), now: new Date() });
  if (!finding) return "no such check";
  return finding.ok ? "ok" : `${finding.fault}: ${finding.fix}`;
}

const undo: string[] = [];
afterEach(async () => {
  for (const statement of undo.splice(0)) await change(statement);
});

// The files that come after find the tables as they were.
afterAll(async () => expect(await found("tables")).toBe("ok"));

/** Changes the tables, until the test is over. */
async function spoil(statement: string, ...back: string[]): Promise<void> {
  undo.push(...back);
  await change(statement);
}

describe("check --deploy, of the tables", () => {
  it.each([
    ...["migrations", "tables", "charset", "engine", "indexes", "purge", "event-purge"],
    ...["server-version", "clock", "time-zone", "sql-mode", "isolation", "tls"],
    ...["connections", "hashes", "proxies", "demo-administrator"],
  ])("%s: finds no fault in a database that is right", async (id) => {
    expect(await found(id)).toBe("ok");
  });

  it("RL-8: names a migration that was not applied", async () => {
    const newest = "ORDER BY created_at DESC LIMIT 1";
    await change("CREATE TABLE kept AS SELECT * FROM __drizzle_migrations");
    await spoil(
      `DELETE FROM __drizzle_migrations ${newest}`,
      "DELETE FROM __drizzle_migrations",
      "INSERT INTO __drizzle_migrations SELECT * FROM kept",
      "DROP TABLE kept",
    );
    expect(await found("migrations")).toMatch(/missing: 000\d_\w+: .*npm run db:migrate/);
  });

  it("RL-12: names an index that somebody dropped, for the tables and for the queries", async () => {
    await spoil(
      "DROP INDEX sessions_ended_activity ON sessions",
      "CREATE INDEX sessions_ended_activity ON sessions (ended_at, last_activity_at)",
    );
    expect(await found("tables")).toContain("index sessions.sessions_ended_activity is missing");
    expect(await found("indexes")).toContain("sessions_ended_activity");
  });

  it("RL-12: names a large table that a query reads whole", async () => {
    await change(
      `INSERT INTO users (username, email, password_hash)
       WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 60)
       SELECT CONCAT('x', a.n, '-', b.n), CONCAT('x', a.n, '-', b.n, '@x'), '!' FROM counted a, counted b`,
    );
    await change("ANALYZE TABLE users");
    expect(await found("indexes")).toBe("ok");
    await spoil(
      "DROP INDEX users_email_key ON users",
      "CREATE UNIQUE INDEX users_email_key ON users (email_key)",
    );
    expect(await found("indexes")).toMatch(/^whole tables are read: users: ANALYZE TABLE users;$/);
  });

  it("names a table that knows no transactions", async () => {
    const key = (length: number) =>
      `MODIFY \`key\` varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL`;
    await spoil(
      `ALTER TABLE throttle ${key(200)}, ENGINE=MyISAM`,
      `ALTER TABLE throttle ${key(255)}, ENGINE=InnoDB`,
    );
    expect(await found("engine")).toBe("throttle is MyISAM: ALTER TABLE throttle ENGINE=InnoDB;");
  });

  it("names any other table that knows no transactions", async () => {
    const key = "session_devices_session_id_sessions_id_fk";
    const to =
      "FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE ON UPDATE NO ACTION";
    await spoil(
      `ALTER TABLE session_devices DROP FOREIGN KEY ${key}`,
      "ALTER TABLE session_devices ENGINE=InnoDB",
      `ALTER TABLE session_devices ADD CONSTRAINT ${key} ${to}`,
    );
    await change("ALTER TABLE session_devices ENGINE=MyISAM");
    expect(await found("engine")).toMatch(/^session_devices is MyISAM: /);
  });

  it("names a character set that loses letters", async () => {
    await spoil("ALTER DATABASE CHARACTER SET latin1", "ALTER DATABASE CHARACTER SET utf8mb4");
    expect(await found("charset")).toMatch(/latin1.*ALTER DATABASE <name> CHARACTER SET utf8mb4;/);
  });

  it("names a table that was made or converted to other letters, by column", async () => {
    const convert = (letters: string) => `ALTER TABLE events CONVERT TO CHARACTER SET ${letters}`;
    expect(await found("columns-charset")).toBe("ok");
    await spoil(convert("latin1"), convert("utf8mb4 COLLATE utf8mb4_bin"));
    expect(await found("columns-charset")).toMatch(
      /events\.ip_address is latin1, events\.user_agent is latin1.*: ALTER TABLE events CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;$/,
    );
  });

  it("RL-7: says when the purge is behind for more than an hour", async () => {
    const { id: userId } = await newUser();
    await manySessions(3, { userId, expiresAt: new Date(Date.now() - HOUR_MS / 2) });
    expect(await found("purge")).toBe("ok");
    await manySessions(2, { userId, expiresAt: new Date(Date.now() - 2 * HOUR_MS) });
    const endedAt = new Date(Date.now() - 31 * 24 * HOUR_MS);
    await manySessions(4, { userId, expiresAt: endedAt, endedAt });
    expect(await found("purge")).toMatch(/^2 sessions ran out .* 4 are past .*sessions purge/);
  });

  it("LG-5: says when old events wait to be removed", async () => {
    await spoil(
      "INSERT INTO events (at, type) VALUES (UTC_TIMESTAMP(3) - INTERVAL 366 DAY, 'sign_in')",
      "DELETE FROM events WHERE at < UTC_TIMESTAMP(3) - INTERVAL 365 DAY",
    );
    expect(await found("event-purge")).toMatch(/^1 events are past retention.*sessions purge/);
  });

  it("AU-6: says when the demo administrator is still there, and when nobody administers", async () => {
    await change("DELETE FROM users WHERE role = 'admin'");
    expect(await found("administrator")).toMatch(/nobody.*users create .*--role admin/);
    const { id } = await aUser("admin");
    expect(await found("administrator")).toBe("ok");
    await spoil(
      `UPDATE users SET username = 'admin', email = 'admin@localhost' WHERE id = ${id}`,
      `DELETE FROM users WHERE id = ${id}`,
    );
    expect(await found("demo-administrator")).toMatch(/admin.*users erase admin --yes/);
  });

  it("PW-8: counts staff whose hash is of another system or too cheap", async () => {
    const [staff, admin, member] = [await aUser("staff"), await aUser("admin"), await aUser()];
    const setHash = (id: number, hash: string) =>
      change("UPDATE users SET password_hash = ? WHERE id = ?", [hash, id]);
    await setHash(member.id, "pbkdf2_sha256$600000$salt$hash");
    await setHash(staff.id, "!unusable");
    await setHash(admin.id, "gatehouse1$2b$04$x");
    expect(await found("hashes")).toBe("ok");
    await setHash(staff.id, "$2y$10$abcdefghijklmnopqrstuv");
    await setHash(admin.id, "gatehouse1$2b$03$x");
    expect(await found("hashes")).toMatch(/^2 of staff .*users set-password/);
  });

  it("AU-5: looks at the addresses that sign-ins came from", async () => {
    await change("UPDATE events SET type = 'sign_out' WHERE type = 'sign_in'");
    for (let n = 0; n < 20; n += 1) await signedIn();
    await change("UPDATE events SET ip_address = '10.0.0.1' WHERE type = 'sign_in'");
    expect(await found("proxies")).toMatch(/private address.*TRUST_PROXY=1/);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { urlOf, userSql } from "@/tests/support/database-users";
import { manage } from "@/tests/support/manage";
import { type OwnServer, ownServerWith } from "@/tests/support/own-server";
import { signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change, number } from "@/tests/support/sql";

// The app on a server where its user may read and write rows, and nothing else.
let server: OwnServer;
let app: RunningApp;
let asOwner = "";
const settings = { DATABASE_URL: "" };

beforeAll(async () => {
  const sql = userSql("runtime", "SELECT, INSERT, UPDATE, DELETE");
  server = await ownServerWith({ sql });
  // What tests do on the side they do as the owner of the tables.
  asOwner = process.env.DATABASE_URL ?? "";
  process.env.DATABASE_URL = server.url;
  settings.DATABASE_URL = urlOf("runtime", server.url);
  app = await startApp(settings);
});

afterAll(async () => {
  await app.stop();
  process.env.DATABASE_URL = asOwner;
  await server.stop();
});

describe("CR-7: with SELECT, INSERT, UPDATE and DELETE alone", () => {
  test("CR-7: that user may not make, change or drop a table", async () => {
    process.env.DATABASE_URL = settings.DATABASE_URL;
    try {
      for (const statement of [
        "CREATE TABLE other (id int)",
        "ALTER TABLE users ADD other int",
        "DROP TABLE throttle",
      ])
        await expect(change(statement), statement).rejects.toThrow(/denied/);
    } finally {
      process.env.DATABASE_URL = server.url;
    }
  });

  test("CR-7: people sign in, look at their sessions, change their password and sign out", async () => {
    const user = await newUser();
    const credentials = { identifier: user.username, password: "a wrong password" };
    expect((await app.request("/api/session", postJson(credentials))).status).toBe(401);
    const [cookie, other] = [await signIn(app, user), await signIn(app, user)];
    const list = await app.request("/api/sessions", withCookie(cookie));
    expect(list.json()).toMatchObject({ sessions: [{}, {}] });
    const proof = postJson({ password: PASSWORD });
    expect(
      (await app.request("/api/session/reauthentication", withCookie(other, proof))).status,
    ).toBe(204);
    const leave = { method: "DELETE", headers: FROM_HERE };
    expect((await app.request("/api/session", withCookie(cookie, leave))).status).toBe(204);
    expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
  });

  test("CR-7: staff see the console, administrators change people", async () => {
    const [admin, member] = [await newUser({ role: "admin" }), await newUser()];
    const cookie = await signIn(app, admin);
    for (const path of ["/admin", "/admin/sessions", "/admin/users", "/admin/events"])
      expect((await app.request(path, withCookie(cookie))).status, path).toBe(200);
    const changed = { ...postJson({ role: "staff" }), method: "PATCH" };
    const response = await app.request(
      `/api/admin/users/${member.id}`,
      withCookie(cookie, changed),
    );
    expect(response.status).toBe(200);
  });

  test("CR-7: the command line purges, of counts of tries too, and finds the grants right", async () => {
    await change("UPDATE throttle SET expire = 1");
    await change("UPDATE sessions SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 HOUR");
    expect(await manage(["sessions", "purge"], { settings })).toMatchObject({ code: 0, err: "" });
    expect(await number("SELECT COUNT(*) FROM throttle WHERE expire = 1")).toBe(0);
    expect(await number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).toBe(0);
    const checked = await manage(["check", "--deploy"], { settings });
    expect(checked.out).toMatch(/^ok {5}grants: /m);
  });

  test("CR-7: nothing of that was refused by the server", () => {
    expect(app.log()).not.toMatch(/denied/i);
  });
});

describe("SID-2: a thief of the tables", () => {
  test("SID-2: signs in with no value that they hold, in no form", async () => {
    const user = await newUser({ role: "staff" });
    const cookie = await signIn(app, user);
    expect((await app.request("/api/session", withCookie(cookie))).status).toBe(200);
    const words = ["sessions", "drill", "leak", "--url", app.origin, "--limit", "10", "--json"];
    const ended = await manage(words, { settings });
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.json()).toMatchObject({ signedIn: {}, unclear: 0 });
    expect((await app.request("/api/session", withCookie(cookie))).status).toBe(200);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeUser } from "@/lib/auth/change-user";
import { closeDatabase } from "@/lib/db/connection";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, guardedRows, rows } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;
let user: TestUser;
let old: string;

beforeAll(async () => {
  app = await sharedApp();
});
afterAll(async () => {
  await closeDatabase();
});
beforeEach(async () => {
  user = await newUser();
  old = await signIn(app, user);
});

const PROOF = "/api/session/reauthentication";
const statusOf = async (cookie: string) =>
  (await app.request("/api/session", withCookie(cookie))).status;
const prove = (cookie: string, password: string) =>
  app.request(PROOF, withCookie(cookie, postJson({ password })));
const cookieOf = (lines: readonly string[]) => lines[0]?.split(";")[0] ?? "";
const graceIsOver = () =>
  change(
    "UPDATE sessions SET former_secret_until = former_secret_until - INTERVAL 31 SECOND WHERE user_id = ?",
    [user.id],
  );

test("RO-1: a fresh proof gives the session a new secret and notes the time", async () => {
  await change(
    "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 1 HOUR WHERE user_id = ?",
    [user.id],
  );
  const response = await prove(old, PASSWORD);
  expect(response.status).toBe(204);
  const fresh = cookieOf(response.setCookies);
  expect(fresh).not.toBe(old);
  expect(await statusOf(fresh)).toBe(200);
  const [row] = await rows("SELECT authenticated_at, created_at FROM sessions WHERE user_id = ?", [
    user.id,
  ]);
  expect(row?.authenticated_at >= row?.created_at).toBe(true);
});

test("RO-5: 20 requests under way with the old secret are all served", async () => {
  const proving = prove(old, PASSWORD);
  const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(old)));
  expect((await proving).status).toBe(204);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await statusOf(old)).toBe(200);
});

test("RO-5: after the grace the old secret is refused and noted, the new one is good", async () => {
  const fresh = cookieOf((await prove(old, PASSWORD)).setCookies);
  await graceIsOver();
  expect([await statusOf(old), await statusOf(fresh)]).toEqual([401, 200]);
  const noted = () =>
    rows("SELECT id FROM events WHERE user_id = ? AND type = 'secret_rejected'", [user.id]);
  await expect.poll(async () => (await noted()).length).toBe(1);
});

test("RO-5: a wrong password changes nothing", async () => {
  const response = await prove(old, "not the password at all");
  expect([response.status, response.setCookies]).toEqual([401, []]);
  await graceIsOver();
  expect(await statusOf(old)).toBe(200);
});

describe("RO-7: a copied cookie, after its owner has proved the password", () => {
  let copy: string;
  let fresh: string;

  beforeEach(async () => {
    const admin = await newUser({ role: "admin" });
    user = admin;
    copy = await signIn(app, admin);
    fresh = cookieOf((await prove(copy, PASSWORD)).setCookies);
  });

  const newcomer = () => {
    const username = `n${randomUUID()}`;
    return { username, email: `${username}@example.com`, role: "admin" };
  };
  const rejections = () =>
    rows("SELECT id FROM events WHERE user_id = ? AND type = 'secret_rejected'", [user.id]);

  test("reads, and changes nothing: 409, no cookie, no alarm", async () => {
    expect(await statusOf(copy)).toBe(200);
    const before = await guardedRows();
    for (const [path, asking] of [
      ["/api/admin/users", postJson(newcomer())],
      [`/api/admin/users/${user.id}`, { ...postJson({ name: "x" }), method: "PATCH" }],
      ["/api/sessions", { method: "DELETE", headers: FROM_HERE }],
      [PROOF, postJson({ password: PASSWORD })],
    ] as const) {
      const response = await app.request(path, withCookie(copy, asking));
      expect([path, response.status, response.setCookies]).toEqual([path, 409, []]);
      expect(response.json()).toMatchObject({ title: "Try again" });
    }
    expect(await guardedRows()).toEqual(before);
    expect(await rejections()).toEqual([]);
    expect(await statusOf(fresh)).toBe(200);
  });

  test("is not proven, on pages either; the right browser is", async () => {
    const way = "/admin/users/new";
    const [theirs, own] = [
      await app.request(way, withCookie(copy)),
      await app.request(way, withCookie(fresh)),
    ];
    expect([theirs.status, theirs.header("location")]).toEqual([
      303,
      `/reauthenticate?returnTo=${encodeURIComponent(way)}`,
    ]);
    expect(own.status).toBe(200);
    expect((await app.request("/reauthenticate", withCookie(copy))).status).toBe(200);
  });

  test("gets no new secret where one is due: not by a page, not by JSON", async () => {
    await change("UPDATE sessions SET rotation_due = TRUE WHERE user_id = ?", [user.id]);
    for (const path of ["/dashboard", "/api/session", "/session/renew"])
      expect((await app.request(path, withCookie(copy))).setCookies).toEqual([]);
    expect((await app.request("/session/renew", withCookie(fresh))).setCookies).toHaveLength(1);
  });

  test("leads an action back to its page, which changes nothing", async () => {
    const visitor = newVisitor(app);
    visitor.jar.set("session", fresh.slice("session=".length));
    const hidden = hiddenFields((await visitor.ask("/admin/users/new")).text, "Add the user");
    const typed = Object.entries(newcomer());
    const { headers, body } = multipart([...hidden, ...typed]);
    const before = await guardedRows();
    const asking = { method: "POST", headers: { ...headers, ...FROM_HERE }, body };
    const response = await app.request("/admin/users/new", withCookie(copy, asking));
    expect([response.status, response.header("location"), response.setCookies]).toEqual([
      303,
      "/admin/users/new",
      [],
    ]);
    expect(await guardedRows()).toEqual(before);
    // The very same, with the present secret.
    expect((await app.request("/admin/users/new", withCookie(fresh, asking))).status).toBe(200);
    expect(await guardedRows()).not.toEqual(before);
  });

  test("signs out, which ends the session of both", async () => {
    const out = { method: "DELETE", headers: FROM_HERE };
    expect((await app.request("/api/session", withCookie(copy, out))).status).toBe(204);
    expect([await statusOf(copy), await statusOf(fresh)]).toEqual([401, 401]);
  });
});

test("CS-1: a proof from another site is refused", async () => {
  const forged = postJson({ password: PASSWORD }, { "Sec-Fetch-Site": "cross-site" });
  expect((await app.request(PROOF, withCookie(old, forged))).status).toBe(403);
});

test("RO-1: another role brings a page a new secret by way of a redirect, once", async () => {
  await changeUser({ userId: user.id }, { role: "staff" }, new Date());
  const page = await app.request("/dashboard?tab=1", withCookie(old));
  expect([page.status, page.header("location")]).toEqual([
    303,
    "/session/renew?returnTo=%2Fdashboard%3Ftab%3D1",
  ]);
  const renewed = await app.request(page.header("location"), withCookie(old));
  expect([renewed.status, renewed.header("location")]).toEqual([303, "/dashboard?tab=1"]);
  const fresh = cookieOf(renewed.setCookies);
  expect((await app.request("/dashboard", withCookie(fresh))).status).toBe(200);
  await graceIsOver();
  expect([await statusOf(old), await statusOf(fresh)]).toEqual([401, 200]);
});

test("RO-1: another role brings JSON a new secret with the next answer, once", async () => {
  await changeUser({ userId: user.id }, { role: "staff" }, new Date());
  const first = await app.request("/api/session", withCookie(old));
  const fresh = cookieOf(first.setCookies);
  expect([first.status, fresh.startsWith("session=")]).toEqual([200, true]);
  const second = await app.request("/api/session", withCookie(fresh));
  expect([second.status, second.setCookies]).toEqual([200, []]);
});

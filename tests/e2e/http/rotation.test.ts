import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { changeUser } from "@/lib/account/change-user";
import { closeDatabase } from "@/lib/db/connection";
import { postJson, withCookie } from "@/tests/support/asking";
import { newUser, PASSWORD, signIn, type TestUser } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

let app: RunningApp;
let user: TestUser;
let old: string;

beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await closeDatabase();
  await app.stop();
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
  const answer = await prove(old, PASSWORD);
  expect(answer.status).toBe(204);
  const fresh = cookieOf(answer.setCookies);
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
  const answer = await prove(old, "not the password at all");
  expect([answer.status, answer.setCookies]).toEqual([401, []]);
  await graceIsOver();
  expect(await statusOf(old)).toBe(200);
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

import { sealData } from "iron-session";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settings } from "@/lib/env";
import { sealKeys } from "@/lib/seal";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { isClearing, parseSetCookie } from "@/tests/support/set-cookie";

const OLD = "old-0123456789-0123456789-0123456789-abc";
const NEW = "new-0123456789-0123456789-0123456789-xyz";

// Three instances on one database, as while a secret is exchanged.
let before: RunningApp;
let during: RunningApp;
let after: RunningApp;
let user: TestUser;

beforeAll(async () => {
  before = await startApp({ SESSION_SECRET: OLD });
  during = await startApp({ SESSION_SECRET: `${NEW},${OLD}` });
  after = await startApp({ SESSION_SECRET: NEW });
  user = await newUser();
});

afterAll(() => Promise.all([before, during, after].map((app) => app.stop())));

const isIn = async (app: RunningApp, cookie: string) =>
  (await app.request("/api/session", withCookie(cookie))).status === 200;

test("CR-2: a seal of the old secret opens while both are there", async () => {
  const cookie = await signIn(before, user);
  expect([await isIn(before, cookie), await isIn(during, cookie)]).toEqual([true, true]);
});

test("CR-2: new seals are made with the newest", async () => {
  const cookie = await signIn(during, user);
  expect([await isIn(after, cookie), await isIn(before, cookie)]).toEqual([true, false]);
});

test("CR-2: dropping a secret ends its seals alone, politely", async () => {
  const [old, fresh] = [await signIn(before, user), await signIn(during, user)];
  expect([await isIn(after, old), await isIn(after, fresh)]).toEqual([false, true]);
  const response = await after.request("/dashboard", withCookie(old));
  expect(response.header("location")).toBe("/sign-in?reason=unknown");
  expect(response.setCookies.map(parseSetCookie).map(isClearing)).toEqual([true]);
});

test("RL-9: a seal of a later form is refused politely, by pages and by JSON", async () => {
  const app = await startApp({ SESSION_SECRET: settings().SESSION_SECRET.join() });
  try {
    const { newest } = await sealKeys("session");
    const later = await sealData({ v: 2, id: "of another form" }, { password: newest, ttl: 3600 });
    const cookie = `session=${later}`;
    expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
    const page = await app.request("/dashboard", withCookie(cookie));
    expect([page.status, page.header("location")]).toEqual([303, "/sign-in?reason=unknown"]);
    expect(page.setCookies.map(parseSetCookie).map(isClearing)).toEqual([true]);
  } finally {
    await app.stop();
  }
});

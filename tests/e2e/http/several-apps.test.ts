import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { parseSetCookie } from "@/tests/support/set-cookie";

// Three apps on one table with one secret: two of one domain, one with a cookie of its own.
let one: RunningApp;
let two: RunningApp;
let apart: RunningApp;
let user: TestUser;

const SHARED = { SESSION_COOKIE_DOMAIN: "example.com" };

beforeAll(async () => {
  one = await startApp({ APP_URL: "https://one.example.com", ...SHARED });
  two = await startApp({ APP_URL: "https://two.example.com", ...SHARED });
  apart = await startApp({ SESSION_COOKIE_NAME: "apart" });
  user = await newUser();
});

afterAll(() => Promise.all([one, two, apart].map((app) => app.stop())));

test("CK-2: with a domain the cookie is __Secure-, Secure and of that domain", async () => {
  const asking = postJson({ identifier: user.username, password: PASSWORD });
  const [line = ""] = (await one.request("/api/session", asking)).setCookies;
  expect(parseSetCookie(line).name).toBe("__Secure-session");
  expect(line).toMatch(/; Domain=example\.com/i);
  expect(line).toMatch(/; Secure/i);
  expect(line).toMatch(/; HttpOnly/i);
});

test("CK-2: signing out clears it with the same domain", async () => {
  const cookie = await signIn(one, user);
  const asking = { method: "DELETE", headers: { "Sec-Fetch-Site": "same-origin" } };
  const [line = ""] = (await one.request("/api/session", withCookie(cookie, asking))).setCookies;
  expect(line).toMatch(/^__Secure-session=;.*Domain=example\.com/i);
  expect(line).toMatch(/Max-Age=0/i);
});

test("CK-2: two apps that share the name and the domain share sessions, and their ends", async () => {
  const cookie = await signIn(one, user);
  expect((await two.request("/api/session", withCookie(cookie))).status).toBe(200);
  const asking = { method: "DELETE", headers: { "Sec-Fetch-Site": "same-origin" } };
  await two.request("/api/session", withCookie(cookie, asking));
  expect((await one.request("/api/session", withCookie(cookie))).status).toBe(401);
});

test("CK-2: an app with another cookie name on the same table does not see them", async () => {
  const theirs = await signIn(one, user);
  const own = await signIn(apart, user);
  expect(own).toMatch(/^apart=/);
  expect((await apart.request("/api/session", withCookie(theirs))).status).toBe(401);
  expect((await one.request("/api/session", withCookie(own))).status).toBe(401);
  const both = await apart.request("/api/session", withCookie(`${theirs}; ${own}`));
  expect(both.status).toBe(200);
});

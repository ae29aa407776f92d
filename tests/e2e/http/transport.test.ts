import { beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import type { Asking } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let https: SharedApp;
let http: SharedApp;

beforeAll(async () => {
  https = await sharedApp({ APP_URL: "https://app.example.com" });
  http = await sharedApp();
});

const YEAR_SECONDS = 365 * 86_400;

const RESPONSES: [string, string, Asking][] = [
  ["a page", "/sign-in", {}],
  ["a redirect", "/dashboard", {}],
  ["a page that is not there", "/nothing", {}],
  ["the API", "/api/health/live", {}],
  ["a 401", "/api/session", {}],
  ["a 403", "/api/session", { method: "DELETE" }],
  ["a failed sign-in", "/api/session", postJson({ identifier: "x", password: "x" })],
  ["a static file", "/icon.svg", {}],
  ["a static file that is not there", "/_next/static/nothing.js", {}],
];

test.each(RESPONSES)(
  "HD-4: over https %s asks for https for a year or more",
  async (_, path, asking) => {
    const value = (await https.request(path, asking)).header("strict-transport-security");
    expect(Number(/^max-age=(\d+)/.exec(value)?.[1])).toBeGreaterThanOrEqual(YEAR_SECONDS);
  },
);

test.each(RESPONSES)("HD-4: over http on this machine %s does not", async (_, path, asking) => {
  const { headers } = await http.request(path, asking);
  expect(headers).not.toHaveProperty("strict-transport-security");
});

test("HD-4: a header of the client does not turn it on", async () => {
  const headers = { "X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on" };
  const response = await http.request("/sign-in", { headers });
  expect(response.headers).not.toHaveProperty("strict-transport-security");
});

test("HD-4: sub-domains are left alone, since they may still be on http", async () => {
  const value = (await https.request("/sign-in")).header("strict-transport-security");
  expect(value).not.toMatch(/includeSubDomains|preload/i);
});

test("CK-3: over http on this machine the cookie is plainly named and not Secure", async () => {
  const { username, password } = await newUser();
  const { setCookies } = await http.request(
    "/api/session",
    postJson({ identifier: username, password }),
  );
  expect(setCookies[0]).toMatch(/^session=/);
  expect(setCookies[0]).not.toMatch(/secure/i);
});

test("CK-3: a header of the client does not change the cookie's name", async () => {
  const cookie = await signIn(http, await newUser());
  const headers = { "X-Forwarded-Proto": "https" };
  expect((await http.request("/api/session", withCookie(cookie, { headers }))).status).toBe(200);
});

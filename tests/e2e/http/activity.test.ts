import { beforeAll, beforeEach, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, number, rows } from "@/tests/support/sql";

let app: SharedApp;
let user: TestUser;
let cookie: string;

beforeAll(async () => {
  app = await sharedApp();
});
beforeEach(async () => {
  user = await newUser();
  cookie = await signIn(app, user);
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 2 MINUTE WHERE user_id = ?",
    [user.id],
  );
});

const lastActivity = async (): Promise<Date> =>
  (await rows("SELECT last_activity_at AS at FROM sessions WHERE user_id = ?", [user.id]))[0]?.at;

const BACKGROUND: [string, string, Record<string, string>][] = [
  ["a prefetch of the browser", "/dashboard", { "Sec-Purpose": "prefetch;prerender" }],
  ["a prefetch of the router", "/dashboard", { RSC: "1", "Next-Router-Prefetch": "1" }],
  [
    "a segment fetch of the router",
    "/dashboard",
    { RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
  ],
  ["a poll that says so", "/api/session", { "X-Background": "1" }],
  ["a health check", "/api/health/ready", {}],
];

test.each(BACKGROUND)("TO-5: %s is no activity", async (_, path, headers) => {
  const before = await lastActivity();
  expect((await app.request(path, withCookie(cookie, { headers }))).status).toBeLessThan(400);
  // Whatever that left to be written is written before what this one leaves.
  const other = await signIn(app, await newUser());
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 2 MINUTE WHERE user_id <> ?",
    [user.id],
  );
  await app.request("/api/session", withCookie(other));
  const isTouched = () =>
    number(
      "SELECT COUNT(*) FROM sessions WHERE user_id <> ? AND last_activity_at > UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE",
      [user.id],
    );
  await expect.poll(isTouched).toBeGreaterThan(0);
  expect(await lastActivity()).toEqual(before);
});

test.each(["/dashboard", "/api/session"])("TO-5: asking for %s is activity", async (path) => {
  const before = await lastActivity();
  await app.request(path, withCookie(cookie));
  await expect.poll(async () => (await lastActivity()) > before).toBe(true);
});

import { availableParallelism } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { number } from "@/tests/support/sql";

let app: RunningApp;

beforeAll(async () => {
  // Slow enough to be in the way, quick enough that a full queue is soon done.
  app = await startApp({ PASSWORD_HASH_COST: "10" });
});

afterAll(() => app.stop());

// As the app counts: one core stays free, and so many wait for each of the others.
const THREADS = Math.max(availableParallelism() - 1, 1);
const MOST_WAITING = 32 * THREADS;

test("PW-10: while 20 people sign in at once, other requests are answered", async () => {
  const user = await newUser({ password: "hashed at the cost of the app" });
  // From this sign-in on it is.
  await signIn(app, user);
  const reader = await signIn(app, await newUser());
  const credentials = { identifier: user.username, password: user.password };
  let open = 20;
  const signIns = Array.from({ length: open }, async () => {
    const response = await app.request("/api/session", postJson(credentials));
    open -= 1;
    return response.status;
  });
  const waits: number[] = [];
  while (open > 0) {
    const begun = performance.now();
    const { status } = await app.request("/api/session", withCookie(reader));
    expect(status).toBe(200);
    waits.push(performance.now() - begun);
  }
  expect(await Promise.all(signIns)).toEqual(Array.from({ length: 20 }, () => 200));
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  console.log(`PW-10: ${sorted.length} answers meanwhile, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  // On one thread with the hashing there would be about one answer for each sign-in.
  expect(sorted.length).toBeGreaterThan(100);
});

test("PW-10, CR-9: when too many wait for their password, the rest get 503 with Retry-After, and readiness stays green", async () => {
  const rush = MOST_WAITING + THREADS + 20;
  // Each of another account: the tries at one wait for each other, and are throttled.
  const body = (n: number) => ({ identifier: `nobody${n}`, password: "wrong" });
  const before = await number("SELECT COUNT(*) FROM events");
  const asked = Array.from({ length: rush }, (_, n) =>
    app.request("/api/session", postJson(body(n))),
  );
  const refused = await Promise.race(
    asked.map(async (each) => ((await each).status === 503 ? each : new Promise<never>(() => {}))),
  );
  expectBusy(refused);
  // The queue is full at this moment, and that is no reason to take the process out of service.
  expect((await app.request("/api/health/ready")).status).toBe(200);
  const responses = await Promise.all(asked);
  const busy = responses.filter(({ status }) => status === 503);
  const served = responses.filter(({ status }) => status === 401);
  expect(busy.length).toBeGreaterThan(0);
  expect(busy.length + served.length).toBe(rush);
  for (const response of busy) expectBusy(response);
  expect(await number("SELECT COUNT(*) FROM events")).toBe(before + served.length);
});

function expectBusy(response: RawResponse): void {
  expect(Number(response.header("retry-after"))).toBeGreaterThan(0);
  expect(response.json()).toMatchObject({ status: 503, title: "Busy" });
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "@/scripts/root";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { closeAccount, signIn } from "@/tests/support/people";
import { type RunningApp, sharedApp, startApp } from "@/tests/support/running-app";

const TOKEN = "a-token-of-the-tests-0123456789";
let app: RunningApp;

beforeAll(async () => {
  app = await startApp({ METRICS_TOKEN: TOKEN });
});

afterAll(() => app.stop());

const scrape = (authorization = `Bearer ${TOKEN}`) =>
  app.request("/api/metrics", { headers: { Authorization: authorization } });

/** The value of a series; 0 while it is not there. */
async function seriesValue(series: string): Promise<number> {
  const lines = (await scrape()).text.split("\n");
  const line = lines.find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

describe("who may see them", () => {
  test.each(["", "Bearer", "Bearer wrong", TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`])(
    "AZ-6: %j is refused",
    async (authorization) => {
      const response = await scrape(authorization);
      expect([response.status, response.text.includes("gatehouse_")]).toEqual([401, false]);
    },
  );

  test("AZ-6: an administrator's session does not open them", async () => {
    const cookie = await signIn(app, await newUser({ role: "admin" }));
    expect((await app.request("/api/metrics", withCookie(cookie))).status).toBe(401);
  });

  test("AZ-6: without METRICS_TOKEN there are none", async () => {
    const plain = await sharedApp();
    const headers = { Authorization: "Bearer undefined" };
    expect((await plain.request("/api/metrics", { headers })).status).toBe(404);
  });
});

test.each(["live", "ready"])(
  "AZ-6: health/%s tells that it is well, and no more",
  async (which) => {
    const { status, text } = await app.request(`/api/health/${which}`);
    expect([status, text]).toEqual([200, '{"status":"ok"}']);
  },
);

describe("what is counted", () => {
  test("a sign-in: a start, a live session, a duration", async () => {
    const before = await seriesValue("gatehouse_session_starts_total");
    const live = await seriesValue("gatehouse_sessions_live");
    await signIn(app, await newUser());
    expect(await seriesValue("gatehouse_session_starts_total")).toBe(before + 1);
    expect(await seriesValue("gatehouse_sessions_live")).toBe(live + 1);
    const durations = 'gatehouse_request_duration_seconds_count{method="POST",status="200"}';
    expect(await seriesValue(durations)).toBeGreaterThanOrEqual(1);
  });

  test("ends by reason, resumes by result, and uses that needed no writing", async () => {
    const cookie = await signIn(app, await newUser());
    const [live, saved, out] = [
      'gatehouse_session_resumes_total{result="live"}',
      'gatehouse_session_touches_total{result="saved"}',
      'gatehouse_session_ends_total{reason="signed_out"}',
    ];
    const before = {
      live: await seriesValue(live),
      saved: await seriesValue(saved),
      out: await seriesValue(out),
    };
    await app.request("/api/session", withCookie(cookie));
    await app.request("/api/session", withCookie(cookie, { method: "DELETE", headers: FROM_HERE }));
    expect(await seriesValue(live)).toBe(before.live + 1);
    expect(await seriesValue(saved)).toBe(before.saved + 1);
    expect(await seriesValue(out)).toBe(before.out + 1);
  });

  test("tries that were not right, and those that were not looked at", async () => {
    const { username: identifier } = await newUser();
    const throttled = 'gatehouse_sign_ins_throttled_total{counter="pair"}';
    const failed = 'gatehouse_sign_ins_failed_total{cause="wrong_password"}';
    const before = { throttled: await seriesValue(throttled), failed: await seriesValue(failed) };
    for (let n = 0; n < 12; n += 1)
      await app.request("/api/session", postJson({ identifier, password: "wrong" }));
    expect(await seriesValue(failed)).toBe(before.failed + 10);
    expect(await seriesValue(throttled)).toBe(before.throttled + 2);
  });

  test("AU-15: accounts that are closed to strangers now", async () => {
    const before = await seriesValue("gatehouse_accounts_closed");
    await closeAccount(await newUser());
    expect(await seriesValue("gatehouse_accounts_closed")).toBe(before + 1);
  });

  test("SID-4: no name, address or secret is among them", async () => {
    const user = await newUser();
    const cookie = await signIn(app, user);
    const { text } = await scrape();
    for (const word of [user.username, user.email, "127.0.0.1", cookie.split("=")[1] ?? "-"])
      expect(text).not.toContain(word);
  });
});

test("the dashboard for Grafana asks for what is there", async () => {
  const dashboard = readFileSync(join(root, "docs/grafana-dashboard.json"), "utf8");
  const asked = new Set(dashboard.match(/\b(gatehouse|nodejs|process)_[a-z0-9_]+/g));
  expect(asked.size).toBeGreaterThan(10);
  const { text } = await scrape();
  for (const name of asked)
    expect(text).toContain(`# TYPE ${name.replace(/_(bucket|count|sum)$/, "")} `);
});

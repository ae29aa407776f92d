import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EventsResponse } from "@/lib/api/event";
import { StatsResponse } from "@/lib/api/fields";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { postJson } from "@/tests/support/asking";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";

// Its own: the overview keeps what it has counted of hours that have passed, and here they get more.
let app: RunningApp;
let staff: ApiUser;
let member: ApiUser;

beforeAll(async () => {
  app = await startApp();
  [staff, member] = [await apiUser(app, { role: "staff" }), await apiUser(app)];
});
afterAll(() => app.stop());

const LOG = "/api/admin/events";
const log = async (query: string) =>
  EventsResponse.parse((await staff.get(`${LOG}?${query}`)).json());
const stats = async () => StatsResponse.parse((await staff.get("/api/admin/stats")).json());
const failAs = (identifier: string) =>
  app.request("/api/session", postJson({ identifier, password: "wrong" }));

describe("GET /api/admin/events", () => {
  test("tells what happened, newest first, narrowed by user and type", async () => {
    await failAs(member.username);
    const { events } = await log(`user=${member.email}`);
    expect(events.map(({ type }) => type)).toEqual(["sign_in_failed", "sign_in"]);
    expect(events[0]).toMatchObject({ userId: String(member.id), ipAddress: "127.0.0.1" });
    const signIns = await log(`user=${member.id}&type=sign_in&address=127.0.0.1`);
    expect(signIns.events).toEqual([events[1]]);
    expect(await log("user=nobody-of-that-name")).toEqual({ events: [], nextCursor: null });
  });

  test("narrows by time: from since on, and before until", async () => {
    const [event] = (await log(`user=${member.id}&type=sign_in`)).events;
    const at = event?.at ?? "";
    const after = new Date(Date.parse(at) + 1).toISOString();
    const ids = async (query: string) =>
      (await log(`user=${member.id}&type=sign_in&${query}`)).events.map(({ id }) => id);
    expect(await ids(`since=${at}&until=${after}`)).toEqual([event?.id]);
    expect(await ids(`since=${after}`)).toEqual([]);
    expect(await ids(`until=${at}`)).toEqual([]);
    expect(await ids(`since=${at.slice(0, 10)}`)).toEqual([event?.id]);
    const zoned = at.replace("Z", "%2B00:00");
    expect(await ids(`since=${zoned}`)).toEqual([event?.id]);
  });

  test("goes page by page", async () => {
    const first = await log("limit=1");
    const second = await log(`limit=1&cursor=${first.nextCursor}`);
    expect(Number(second.events[0]?.id)).toBeLessThan(Number(first.events[0]?.id));
  });

  test.each([
    ["type", "type=nothing"],
    ["since", "since=yesterday"],
    ["since", "since=2026-13-01"],
    ["until", "until=2026-01-01T00:00:00"],
    ["limit", "limit=1000"],
    ["cursor", "cursor=AAAA"],
    ["userId", "userId=1"],
  ])("a bad %s is 400: %s", async (field, query) => {
    const { status, json } = await staff.get(`${LOG}?${query}`);
    expect(status).toBe(400);
    expect(json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
  });

  test("LG-3: nobody but staff reads the log, their own entries included", async () => {
    expect((await member.get(`${LOG}?user=${member.id}`)).status).toBe(404);
    expect((await member.get("/api/admin/stats")).status).toBe(404);
  });
});

describe("GET /api/admin/stats", () => {
  test("counts what has just happened", async () => {
    const before = await stats();
    const somebody = await apiUser(app);
    await somebody.send("DELETE", "/api/session");
    await apiUser(app, { user: somebody });
    await failAs(somebody.username);
    expect(await stats()).toEqual({
      users: before.users + 1,
      liveSessions: before.liveSessions + 1,
      endedSessions: before.endedSessions + 1,
      signInsLastDay: before.signInsLastDay + 2,
      failuresLastDay: before.failuresLastDay + 1,
    });
  });
});

test.each([
  ["/api/sessions", "GET, HEAD, DELETE"],
  ["/api/sessions/x", "DELETE"],
  ["/api/admin/sessions", "GET, HEAD"],
  ["/api/admin/sessions/x", "DELETE"],
  ["/api/admin/users", "GET, HEAD, POST"],
  ["/api/admin/users/x", "PATCH"],
  ["/api/admin/users/x/sessions", "DELETE"],
  [LOG, "GET, HEAD"],
  ["/api/admin/stats", "GET, HEAD"],
])("CS-5: %s answers %s and 405 to the rest", async (path, allowed) => {
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
    if (allowed.split(", ").includes(method)) continue;
    const { status, header } = await staff.send(method, path);
    expect([method, status, header("allow")]).toEqual([method, 405, `${allowed}, OPTIONS`]);
  }
});

test("HD-1: nothing of this is kept by anybody", async () => {
  for (const path of [
    "/api/sessions",
    "/api/admin/sessions",
    "/api/admin/users",
    LOG,
    "/api/admin/stats",
  ]) {
    const { status, header } = await staff.get(path);
    expect([path, status, header("cache-control")]).toEqual([path, 200, "private, no-store"]);
    expect(header("vary")).toContain("Cookie");
  }
});

test("the overview's tile, the list behind it and the chart agree on the failures of 24 hours", async () => {
  // Not within the hour's last seconds, where the page would be of the next.
  const now = new Date();
  const oldest = new Date(now).setUTCMinutes(0, 0, 0) - 23 * 3_600_000;
  const failedAt = (ms: number, type = "sign_in_failed") =>
    change("INSERT INTO events (at, type, ip_address) VALUES (?, ?, '192.0.2.99')", [
      new Date(ms),
      type,
    ]);
  await failedAt(oldest);
  await failedAt(oldest - 1);
  await failedAt(now.getTime());
  await failedAt(now.getTime(), "sign_in_throttled");
  const { text } = await staff.get("/admin");
  const [, href = "", tile] =
    /href="([^"]+)"[^>]*>Failed sign-ins, 24 hours<.*?<dd[^>]*>(\d+)</s.exec(text) ?? [];
  const legend = /Failed(?:<!-- -->)? (?:<!-- -->)?<span[^>]*>(\d+)</.exec(text)?.[1];
  const bars = [...text.matchAll(/<title>([^<]*?): ([\d,]+) signed in, ([\d,]+) failed/g)].slice(
    0,
    24,
  );
  const { events } = await log(new URL(href.replaceAll("&amp;", "&"), app.origin).search.slice(1));
  expect(events.length).toBeGreaterThanOrEqual(2);
  expect([tile, legend]).toEqual([String(events.length), String(events.length)]);
  expect(events.map(({ at }) => Date.parse(at))).toContain(oldest);
  const hourOf = (ms: number) => new Date(ms).toISOString().slice(11, 13);
  expect(bars.at(0)?.[1]).toContain(`${hourOf(oldest)}:00`);
  expect(bars.at(0)?.[3]).toBe("1");
  expect(bars.at(-1)?.[1]).toContain(`${hourOf(now.getTime())}:00`);
});

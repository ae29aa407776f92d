import { beforeEach, describe, expect, it } from "vitest";
import { countEventsPastRetention, purgeEvents } from "@/lib/events/forget";
import { purgeNowAndThen } from "@/lib/jobs/purge";
import { change, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const DAY_MS = 86_400_000;
const now = new Date("2031-05-06T07:08:09.123Z");
const daysAgo = (days: number, from = now) => new Date(from.getTime() - days * DAY_MS);

async function events(count: number, at: Date, userAgent: string): Promise<void> {
  await change(
    `INSERT INTO events (at, type, user_agent)
     WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
     SELECT ?, 'sign_in_failed', ? FROM counted`,
    [count, at, userAgent],
  );
}

beforeEach(() => change("DELETE FROM events"));

const left = (agent: string) => number("SELECT COUNT(*) FROM events WHERE user_agent = ?", [agent]);

async function purgeUnder(days: string): Promise<typeof purgeEvents> {
  const settings = { EVENT_RETENTION_DAYS: days };
  return (await underSettings(settings, () => import("@/lib/events/forget"))).purgeEvents;
}

describe("LG-5: the retention of events", () => {
  it("LG-5: removes what is older than 365 days, in batches, and nothing else", async () => {
    await events(990, daysAgo(366), "old");
    await events(20, new Date(daysAgo(365).getTime() - 1), "just past");
    await events(3, daysAgo(365), "at the border");
    const told: number[] = [];
    expect(await purgeEvents(now, { tell: (removed) => told.push(removed) })).toBe(1010);
    expect(told).toEqual([1000, 1010]);
    expect([await left("old"), await left("just past"), await left("at the border")]).toEqual([
      0, 0, 3,
    ]);
    expect(await purgeEvents(now)).toBe(0);
  });

  it("LG-5: says how many wait", async () => {
    await events(4, daysAgo(400), "waiting");
    expect(await countEventsPastRetention(now)).toBe(4);
    await purgeEvents(now);
    expect(await countEventsPastRetention(now)).toBe(0);
  });

  it("LG-5: EVENT_RETENTION_DAYS says how old; 0 keeps them for ever", async () => {
    await events(2, daysAgo(20), "twenty days");
    expect(await (await purgeUnder("0"))(new Date("2099-01-01"))).toBe(0);
    expect(await (await purgeUnder("21"))(now)).toBe(0);
    expect(await left("twenty days")).toBe(2);
    await (await purgeUnder("19"))(now);
    expect(await left("twenty days")).toBe(0);
  });

  it("LG-5: stops between two batches", async () => {
    await events(900, daysAgo(500), "stopped");
    await events(600, daysAgo(501), "stopped");
    const stop = new AbortController();
    const tell = () => stop.abort();
    expect(await purgeEvents(now, { tell, stop: stop.signal })).toBe(1000);
    expect(await left("stopped")).toBe(500);
  });

  it("RL-7: two at once remove each once", async () => {
    await events(700, daysAgo(500), "twice");
    await events(500, daysAgo(501), "twice");
    const removed = await Promise.all([purgeEvents(now), purgeEvents(now)]);
    expect(removed[0] + removed[1]).toBe(1200);
  });

  it("LG-5: old events and counts of tries go without anybody asking", async () => {
    await events(2, daysAgo(370, new Date()), "by itself");
    await change("INSERT INTO throttle (`key`, points, expire) VALUES ('old', 1, 1)");
    const end = purgeNowAndThen(20);
    try {
      await expect.poll(() => left("by itself")).toBe(0);
      expect(await rows("SELECT * FROM throttle WHERE `key` = 'old'")).toEqual([]);
    } finally {
      end();
    }
  });
});

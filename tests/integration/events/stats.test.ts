import { describe, expect, it } from "vitest";
import { databaseHealth } from "@/lib/db/health";
import { busiestAddresses, triesByDay, triesByHour, triesLastDay } from "@/lib/events/stats";
import { plansOf } from "../../support/plans";
import { ago, aNow, DAY_MS, HOUR_MS, tried } from "../../support/tries";

describe("tries to sign in", () => {
  it("by hour: 24 hours of the clock, to the millisecond", async () => {
    const now = aNow();
    const hour = new Date(now).setUTCMinutes(0);
    await tried("sign_in", now);
    await tried("sign_in", new Date(hour));
    await tried("sign_in_failed", new Date(hour - 1));
    await tried("sign_in_throttled", new Date(hour - 23 * HOUR_MS));
    await tried("sign_in", new Date(hour - 23 * HOUR_MS - 1));
    await tried("sign_out", now);
    const hours = await triesByHour(now);
    expect(hours).toHaveLength(24);
    expect(hours[23]).toEqual({ from: new Date(hour), signIns: 2, failures: 0, throttled: 0 });
    expect(hours[22]).toMatchObject({ signIns: 0, failures: 1, throttled: 0 });
    expect(hours[0]).toMatchObject({ signIns: 0, failures: 0, throttled: 1 });
    expect(hours.reduce((sum, { signIns }) => sum + signIns, 0)).toBe(2);
  });

  it("by day: 30 days of the calendar, in UTC", async () => {
    const now = aNow();
    const midnight = new Date(now).setUTCHours(0, 0);
    await tried("sign_in", new Date(midnight));
    await tried("sign_in", new Date(midnight - 1));
    await tried("sign_in_failed", new Date(midnight - 29 * DAY_MS));
    await tried("sign_in", new Date(midnight - 29 * DAY_MS - 1));
    const days = await triesByDay(now);
    expect(days).toHaveLength(30);
    expect(days[29]).toEqual({ from: new Date(midnight), signIns: 1, failures: 0, throttled: 0 });
    expect(days[28]).toMatchObject({ signIns: 1 });
    expect(days[0]).toMatchObject({ signIns: 0, failures: 1 });
  });

  it("what happens now is there at the next look", async () => {
    const now = aNow();
    expect((await triesByHour(now))[23]?.signIns).toBe(0);
    await tried("sign_in", now);
    expect((await triesByHour(now))[23]?.signIns).toBe(1);
    expect((await triesByDay(now))[29]?.signIns).toBe(1);
  });

  it("of the last 24 hours, to the millisecond", async () => {
    const now = aNow();
    await tried("sign_in", ago(now, DAY_MS));
    await tried("sign_in_failed", ago(now, DAY_MS + 1));
    await tried("sign_in_failed", now);
    await tried("sign_in_throttled", ago(now, 1));
    expect(await triesLastDay(now)).toEqual({ signIns: 1, failures: 1, throttled: 1 });
  });

  it("LG-7: tries that an event tells of as held back before it are counted with it", async () => {
    const now = aNow();
    await tried("sign_in_throttled", ago(now, 1), "198.51.100.6", { suppressed: 40 });
    await tried("sign_in_throttled", ago(now, 2), "198.51.100.6", { counter: "pair" });
    const counts = { signIns: 0, failures: 0, throttled: 42 };
    expect(await triesLastDay(now)).toEqual(counts);
    expect((await triesByHour(now))[23]).toMatchObject(counts);
    expect(await busiestAddresses(now, 1)).toEqual([{ ipAddress: "198.51.100.6", ...counts }]);
  });
});

describe("busiest addresses", () => {
  it("the one with the most tries first, and no more than asked for", async () => {
    const now = aNow();
    for (const type of ["sign_in", "sign_in_failed", "sign_in_failed"] as const)
      await tried(type, now, "198.51.100.9");
    await tried("sign_in_throttled", now, "198.51.100.8");
    await tried("sign_out", now, "198.51.100.7");
    const busy = { ipAddress: "198.51.100.9", signIns: 1, failures: 2, throttled: 0 };
    const calm = { ipAddress: "198.51.100.8", signIns: 0, failures: 0, throttled: 1 };
    expect(await busiestAddresses(now, 10)).toEqual([busy, calm]);
    expect(await busiestAddresses(now, 1)).toEqual([busy]);
  });
});

describe("RL-12: what is counted is counted by index", () => {
  it.each([
    ["events_type_at", triesLastDay],
    ["events_type_at", triesByDay],
    ["events_at", (now: Date) => busiestAddresses(now, 10)],
  ] as const)("%s", async (key, count) => {
    const plans = await plansOf(() => count(aNow()));
    expect(plans.find(({ table }) => table === "events")).toMatchObject({ key });
  });
});

it("the database tells how it is", async () => {
  const health = await databaseHealth();
  expect(health.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(health.roundTripMs).toBeGreaterThan(0);
  expect(health.connections).toBeGreaterThan(0);
  expect(health.uptimeSeconds).toBeGreaterThan(0);
  expect(health.bytes).toBeGreaterThan(0);
});

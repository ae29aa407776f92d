import { describe, expect, it } from "vitest";
import { triesByDay, triesByHour, triesLastDay } from "@/lib/events/stats";
import { keepPassedHours } from "@/lib/events/try-hours";
import { statementsDuring } from "../../support/asked-statements";
import { change, number } from "../../support/sql";
import { ago, aNow, DAY_MS, HOUR_MS, tried } from "../../support/tries";

const figures = (now: Date) =>
  Promise.all([triesByHour(now), triesByDay(now), triesLastDay(now)] as const);
const keptSince = (from: Date) =>
  number("SELECT COUNT(*) FROM try_hours WHERE starts_at BETWEEN ? AND ? + INTERVAL 60 DAY", [
    from,
    from,
  ]);

describe("hours that have passed", () => {
  it("RL-12: are kept with the figures that their events give", async () => {
    const now = aNow();
    await tried("sign_in", ago(now, 3 * HOUR_MS));
    await tried("sign_in_failed", ago(now, DAY_MS));
    await tried("sign_in_throttled", ago(now, 5 * DAY_MS), "192.0.2.1", { suppressed: 6 });
    await tried("sign_in", now);
    const counted = await figures(now);
    expect(counted[1].map(({ throttled }) => throttled)).toContain(7);
    await keepPassedHours(now);
    expect(await figures(now)).toEqual(counted);
    await change("DELETE FROM events WHERE at BETWEEN ? AND ?", [
      ago(now, 6 * DAY_MS),
      ago(now, 2 * HOUR_MS),
    ]);
    const kept = await figures(now);
    expect([kept[0], kept[1]]).toEqual([counted[0], counted[1]]);
  });

  it("RL-12: are counted no more when a chart is looked at", async () => {
    const now = aNow();
    const countsDuring = async () => {
      const asked = await statementsDuring(() => triesByDay(now));
      return asked.filter((statement) => /from `events`/.test(statement)).length;
    };
    const before = await countsDuring();
    await keepPassedHours(now);
    expect(before).toBe(30 * 2);
    expect(await countsDuring()).toBe(2);
  });

  it("are not those whose last events may still be written", async () => {
    const now = new Date(aNow().setUTCMinutes(0, 59, 999));
    await keepPassedHours(now);
    await tried("sign_in", ago(now, 60_000));
    expect((await triesByHour(now))[22]).toMatchObject({ signIns: 1 });
    const later = new Date(now.getTime() + 1);
    await keepPassedHours(later);
    await tried("sign_in", ago(now, 60_000));
    expect((await triesByHour(later))[22]).toMatchObject({ signIns: 1 });
  });

  it("follow those that are kept already, without a gap", async () => {
    const now = aNow();
    await keepPassedHours(ago(now, 3 * DAY_MS));
    await tried("sign_in", ago(now, 3 * DAY_MS));
    await tried("sign_in_failed", ago(now, HOUR_MS));
    const counted = await figures(now);
    expect(counted[1].map(({ signIns, failures }) => signIns + failures).slice(26)).toEqual([
      1, 0, 0, 1,
    ]);
    await keepPassedHours(now);
    await keepPassedHours(now);
    expect(await figures(now)).toEqual(counted);
  });

  it("are kept for 31 days", async () => {
    const now = aNow();
    await keepPassedHours(ago(now, 20 * DAY_MS));
    expect(await keptSince(ago(now, 52 * DAY_MS))).toBe(31 * 24);
    await keepPassedHours(now);
    expect(await keptSince(ago(now, 52 * DAY_MS))).toBe(31 * 24);
  });

  it("two processes may keep at once", async () => {
    const now = aNow();
    await Promise.all([keepPassedHours(now), keepPassedHours(now)]);
    expect(await keptSince(ago(now, 32 * DAY_MS))).toBe(31 * 24);
  });
});

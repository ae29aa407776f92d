import { describe, expect, it } from "vitest";
import { durationSeconds, moment } from "@/scripts/manage/arguments";

describe("how long", () => {
  it.each([
    ["45", 45],
    ["45s", 45],
    ["30m", 1800],
    ["24h", 86_400],
    ["14d", 1_209_600],
  ])("%s is %i seconds", (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["", "0", "0m", "-1h", "1.5h", "3w", "h", "1h30m"])("%j is none", (text) => {
    expect(() => durationSeconds(text)).toThrow(/such as 30m/);
  });
});

describe("since when", () => {
  it("counts back from now", () => {
    const before = Date.now() - 86_400_000;
    const since = moment("24h").getTime();
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(Date.now() - 86_400_000);
  });

  it("takes a time and a day as before", () => {
    expect(moment("2026-11-23T08:00:00+02:00")).toEqual(new Date("2026-11-23T06:00:00Z"));
    expect(moment("2026-11-23")).toEqual(new Date("2026-11-23T00:00:00Z"));
  });
});

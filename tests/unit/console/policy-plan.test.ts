import { describe, expect, it } from "vitest";
import { PolicyQuery, planOf } from "@/app/admin/policy/query";
import { durationWords } from "@/lib/time-words";

const plan = (asked: object) => planOf(PolicyQuery.parse(asked));

describe("planOf", () => {
  it.each([
    [{}, {}],
    [{ idle: "30m" }, { SESSION_COOKIE_AGE: 1800 }],
    [
      { idle: " 90 ", absolute: "14d" },
      { SESSION_COOKIE_AGE: 90, SESSION_ABSOLUTE_AGE: 1_209_600 },
    ],
    [{ limit: "0" }, { SESSION_LIMIT_PER_USER: 0 }],
    [{ limit: "5", idle: "" }, { SESSION_LIMIT_PER_USER: 5 }],
  ])("of %j is %j", (asked, planned) => {
    expect(plan(asked)).toEqual({ planned, faults: {} });
  });

  it.each([
    ["idle", "soon"],
    ["idle", "0m"],
    ["absolute", "1w"],
    ["absolute", "-5d"],
    ["limit", "-1"],
    ["limit", "many"],
    ["limit", "1e9"],
  ])("says what is wrong with %s=%s", (field, typed) => {
    const { planned, faults } = plan({
      [field]: typed,
      [field === "idle" ? "limit" : "idle"]: "1",
    });
    expect(faults).toEqual({ [field]: expect.stringMatching(/^Give a /) });
    expect(Object.keys(planned)).toHaveLength(1);
  });
});

describe("durationWords", () => {
  it.each([
    [1, "1 second"],
    [90, "90 seconds"],
    [1800, "30 minutes"],
    [5400, "90 minutes"],
    [43_200, "12 hours"],
    [86_400, "1 day"],
    [1_209_600, "14 days"],
  ])("of %i is %s", (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});

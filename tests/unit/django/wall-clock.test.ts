import { describe, expect, it } from "vitest";
import { fromWallClock, toWallClock } from "@/lib/django/wall-clock";

const at = (text: string) => new Date(`${text}Z`);

describe("the clock on a wall", () => {
  it.each([
    ["UTC", "2026-07-01T12:00:00", "2026-07-01T12:00:00"],
    ["Europe/Paris", "2026-07-01T12:00:00", "2026-07-01T10:00:00"],
    ["Europe/Paris", "2026-01-01T12:00:00", "2026-01-01T11:00:00"],
    ["America/New_York", "2026-07-01T22:30:00", "2026-07-02T02:30:00"],
    ["Asia/Kolkata", "2026-07-01T00:00:00", "2026-06-30T18:30:00"],
    ["Pacific/Chatham", "2026-01-01T00:00:00", "2025-12-31T10:15:00"],
    // The last moment before, and the first after, the clock goes forward at 01:00 UTC.
    ["Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59"],
    ["Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00"],
    // And back.
    ["Europe/Paris", "2026-10-25T01:59:59", "2026-10-24T23:59:59"],
    ["Europe/Paris", "2026-10-25T03:00:00", "2026-10-25T02:00:00"],
  ])("of %s shows %s at %s", (zone, shown, moment) => {
    expect(fromWallClock(at(shown), zone)).toEqual(at(moment));
    expect(toWallClock(at(moment), zone)).toEqual(at(shown));
  });

  it("reads the hour that an autumn's clock shows twice as one of the two", () => {
    const read = fromWallClock(at("2026-10-25T02:30:00"), "Europe/Paris");
    expect([at("2026-10-25T00:30:00"), at("2026-10-25T01:30:00")]).toContainEqual(read);
    expect(toWallClock(read, "Europe/Paris")).toEqual(at("2026-10-25T02:30:00"));
  });
});

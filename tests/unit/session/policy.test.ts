import { describe, expect, it } from "vitest";
import { readSettings } from "@/lib/env";
import { ROLES } from "@/lib/roles";
import {
  endsAt,
  expiryReason,
  extendedEnd,
  isTouchDue,
  type Limits,
  lifetimeFrom,
  limitsFor,
} from "@/lib/session/policy";

const START = new Date("2026-03-29T00:30:00.000Z");
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LIMITS: Limits = { idleSeconds: 2 * HOUR, absoluteSeconds: DAY, isSliding: true };
const fresh = lifetimeFrom(START, LIMITS);

function at(seconds: number, milliseconds = 0): Date {
  return new Date(START.getTime() + seconds * 1000 + milliseconds);
}

function usedAt(seconds: number, limits = LIMITS) {
  const lastActivityAt = at(seconds);
  return { ...fresh, lastActivityAt, expiresAt: extendedEnd(fresh, limits, lastActivityAt) };
}

describe("expiryReason", () => {
  it("TO-4: one millisecond before the idle end it lives, at the end it is over", () => {
    expect(expiryReason(fresh, LIMITS, at(2 * HOUR, -1))).toBeNull();
    expect(expiryReason(fresh, LIMITS, at(2 * HOUR))).toBe("idle");
    expect(expiryReason(fresh, LIMITS, at(2 * HOUR, 1))).toBe("idle");
  });

  it("TO-4: one millisecond before the absolute end it lives, at the end it is over", () => {
    const used = usedAt(DAY - HOUR);
    expect(expiryReason(used, LIMITS, at(DAY, -1))).toBeNull();
    expect(expiryReason(used, LIMITS, at(DAY))).toBe("absolute");
  });

  it("TO-1: activity moves the idle end", () => {
    expect(expiryReason(usedAt(HOUR), LIMITS, at(3 * HOUR, -1))).toBeNull();
    expect(expiryReason(usedAt(HOUR), LIMITS, at(3 * HOUR))).toBe("idle");
  });

  it("TO-1: the row's own end counts, whatever the last activity says", () => {
    const ended = { ...usedAt(HOUR), expiresAt: at(HOUR + MINUTE) };
    expect(expiryReason(ended, LIMITS, at(HOUR + MINUTE))).toBe("idle");
  });

  it("TO-2: no activity moves the absolute end", () => {
    const used = usedAt(DAY - 1);
    expect(used.expiresAt).toEqual(at(DAY));
    expect(expiryReason(used, LIMITS, at(DAY))).toBe("absolute");
  });

  it("TO-2: a row that claims a later end does not live past the limit from sign-in", () => {
    const forged = { ...usedAt(DAY - 1), expiresAt: at(9 * DAY), absoluteExpiresAt: at(9 * DAY) };
    expect(expiryReason(forged, LIMITS, at(DAY))).toBe("absolute");
  });

  it("TO-7: a shortened idle limit reaches a session that exists", () => {
    const shorter = { ...LIMITS, idleSeconds: 10 * MINUTE };
    expect(expiryReason(fresh, shorter, at(10 * MINUTE, -1))).toBeNull();
    expect(expiryReason(fresh, shorter, at(10 * MINUTE))).toBe("idle");
  });

  it("TO-7: a shortened absolute limit reaches a session that exists", () => {
    const shorter = { ...LIMITS, absoluteSeconds: HOUR };
    expect(expiryReason(fresh, shorter, at(HOUR))).toBe("absolute");
  });

  it("a lengthened limit gives no session a longer life than it was promised", () => {
    const longer = { ...LIMITS, idleSeconds: DAY, absoluteSeconds: 9 * DAY };
    expect(expiryReason(fresh, longer, at(2 * HOUR))).toBe("idle");
  });

  it("TO-9: a clock that stepped back ends nothing", () => {
    expect(expiryReason(fresh, LIMITS, at(-HOUR))).toBeNull();
  });

  it("TO-8: an hour of summer time changes nothing", () => {
    // Between 00:30 and 02:30 UTC on that day, Europe's clocks jump.
    expect(endsAt(fresh, LIMITS)).toEqual(new Date("2026-03-29T02:30:00.000Z"));
  });
});

describe("judge, with a fixed end", () => {
  const FIXED: Limits = { ...LIMITS, isSliding: false };

  it("ends at sign-in plus the idle limit, whatever the activity", () => {
    const used = usedAt(HOUR, FIXED);
    expect(used.expiresAt).toEqual(at(2 * HOUR));
    expect(expiryReason(used, FIXED, at(2 * HOUR, -1))).toBeNull();
    expect(expiryReason(used, FIXED, at(2 * HOUR))).toBe("idle");
  });

  it("TO-7: reaches a session that was extended before", () => {
    expect(expiryReason(usedAt(HOUR), FIXED, at(2 * HOUR))).toBe("idle");
  });
});

describe("lifetimeFrom", () => {
  it("TO-6: an idle limit beyond the absolute one is cut to it", () => {
    const limits = { ...LIMITS, idleSeconds: 9 * DAY };
    expect(lifetimeFrom(START, limits).expiresAt).toEqual(at(DAY));
    expect(lifetimeFrom(START, limits).absoluteExpiresAt).toEqual(at(DAY));
  });
});

describe("limitsFor", () => {
  const settings = (given: Record<string, string> = {}) =>
    readSettings({ ...process.env, ...given });

  it("a member has 14 days of idleness and 90 days in all", () => {
    const { idleSeconds, absoluteSeconds, isSliding } = limitsFor("member", settings());
    expect({ idleSeconds, absoluteSeconds, isSliding }).toEqual({
      idleSeconds: 14 * DAY,
      absoluteSeconds: 90 * DAY,
      isSliding: true,
    });
  });

  it.each(ROLES.slice(1))("TO-10: %s has 30 minutes of idleness and 12 hours in all", (role) => {
    expect(limitsFor(role, settings())).toMatchObject({
      idleSeconds: 30 * MINUTE,
      absoluteSeconds: 12 * HOUR,
    });
  });

  it("TO-10: the smaller of both pairs counts for staff", () => {
    const short = settings({ SESSION_COOKIE_AGE: "60", SESSION_ABSOLUTE_AGE: "120" });
    expect(limitsFor("staff", short)).toMatchObject({ idleSeconds: 60, absoluteSeconds: 120 });
  });

  it("SESSION_SAVE_EVERY_REQUEST=false fixes the end", () => {
    const fixed = settings({ SESSION_SAVE_EVERY_REQUEST: "false" });
    expect(limitsFor("member", fixed).isSliding).toBe(false);
    expect(limitsFor("admin", fixed).isSliding).toBe(false);
  });
});

describe("isTouchDue", () => {
  it("is due at the interval and not a millisecond before", () => {
    expect(isTouchDue(fresh, 60, at(60, -1))).toBe(false);
    expect(isTouchDue(fresh, 60, at(60))).toBe(true);
  });

  it("with an interval of 0 each use is due", () => {
    expect(isTouchDue(fresh, 0, at(0))).toBe(true);
  });

  it("TO-9: is not due after a clock stepped back", () => {
    expect(isTouchDue(fresh, 60, at(-HOUR))).toBe(false);
  });
});

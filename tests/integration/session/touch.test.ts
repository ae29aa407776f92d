import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { touchSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { rowOf, type SignedIn, signedIn } from "../../support/signed-in";
import { underSettings } from "../../support/under-settings";

const DAY_MS = 86_400_000;
const ELSEWHERE = { ipAddress: "198.51.100.9", userAgent: "Other/2.0" };

const later = (time: Date, seconds: number, ms = 0) =>
  new Date(time.getTime() + seconds * 1000 + ms);
const touch = ({ session, user }: SignedIn, now: Date) =>
  touchSession(session, user, ELSEWHERE, now);

describe("touchSession", () => {
  it("moves the idle end, and notes time, address and browser", async () => {
    const it = await signedIn();
    const now = later(it.session.createdAt, 3600);
    expect(await touch(it, now)).toBe(true);
    expect(await rowOf(it.session.id)).toMatchObject({
      last_activity_at: now,
      expires_at: new Date(now.getTime() + 14 * DAY_MS),
      absolute_expires_at: it.session.absoluteExpiresAt,
      ip_address: ELSEWHERE.ipAddress,
      user_agent: ELSEWHERE.userAgent,
    });
  });

  it("TO-2: never moves the absolute end, nor the idle end beyond it", async () => {
    const it = await signedIn();
    await touch(it, later(it.session.absoluteExpiresAt, -60));
    const row = await rowOf(it.session.id);
    expect(row?.absolute_expires_at).toEqual(it.session.absoluteExpiresAt);
    expect(row?.expires_at).toEqual(it.session.absoluteExpiresAt);
  });

  it("writes nothing before the interval is over", async () => {
    const it = await signedIn();
    const before = await rowOf(it.session.id);
    expect(await touch(it, later(it.session.createdAt, 60, -1))).toBe(false);
    expect(await rowOf(it.session.id)).toEqual(before);
    expect(await touch(it, later(it.session.createdAt, 60))).toBe(true);
  });

  it("two at once write once, whichever process they are in", async () => {
    const it = await signedIn();
    const now = later(it.session.createdAt, 3600);
    const both = await Promise.all([touch(it, now), touch(it, later(now, 0, 5))]);
    expect(both.filter(Boolean)).toHaveLength(1);
    const many = await Promise.all(Array.from({ length: 20 }, () => touch(it, later(now, 59))));
    expect(many.filter(Boolean)).toHaveLength(0);
  });

  it("TE-11: revives no session that ended after the request began", async () => {
    const it = await signedIn();
    const now = later(it.session.createdAt, 3600);
    await endSessionById({ id: it.session.id, reason: "signed_out" }, now);
    const ended = await rowOf(it.session.id);
    expect(await touch(it, now)).toBe(false);
    expect(await rowOf(it.session.id)).toEqual(ended);
    expect(await resumeSession(it.token, now)).toMatchObject({ reason: "signed_out" });
  });

  it("TO-9: a clock that stepped back writes nothing", async () => {
    const it = await signedIn();
    expect(await touch(it, later(it.session.createdAt, -3600))).toBe(false);
  });

  it("with SESSION_SAVE_EVERY_REQUEST=false the end stays where it was", async () => {
    const it = await signedIn();
    const fixed = await underSettings(
      { SESSION_SAVE_EVERY_REQUEST: "false" },
      () => import("@/lib/session/lifecycle"),
    );
    const now = later(it.session.createdAt, 3600);
    expect(await fixed.touchSession(it.session, it.user, ELSEWHERE, now)).toBe(true);
    expect(await rowOf(it.session.id)).toMatchObject({
      last_activity_at: now,
      expires_at: it.session.expiresAt,
    });
  });
});

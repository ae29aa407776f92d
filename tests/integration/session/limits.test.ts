import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "@/lib/roles";
import { touchSession } from "@/lib/session/lifecycle";
import { countLive } from "@/lib/session/list";
import { purgeSessions } from "@/lib/session/purge";
import { resumeSession } from "@/lib/session/resume";
import type { searchLive } from "@/lib/session/search";
import { given } from "../../support/given";
import {
  aUser,
  DEVICE,
  METHODS,
  rowOf,
  type SignedIn,
  setColumn,
  signedIn,
} from "../../support/signed-in";
import { change } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const later = (time: Date, seconds: number, ms = 0) =>
  new Date(time.getTime() + seconds * 1000 + ms);

interface Engine {
  resumeSession: typeof resumeSession;
  touchSession: typeof touchSession;
  countLive: typeof countLive;
  searchLive: typeof searchLive;
  start: (role: Role, now?: Date) => Promise<Omit<SignedIn, "brought">>;
}

/** The session engine of a process with these settings. */
async function engineUnder(settings: Record<string, string>): Promise<Engine> {
  return underSettings(settings, async () => {
    const { startSession, touchSession } = await import("@/lib/session/lifecycle");
    const { resumeSession } = await import("@/lib/session/resume");
    const { countLive } = await import("@/lib/session/list");
    const { searchLive } = await import("@/lib/session/search");
    const start = async (role: Role, now = new Date()) => {
      const user = await aUser(role);
      const signIn = { user, methods: METHODS, persistent: false, device: DEVICE, replaced: [] };
      return { user, ...(await given(startSession(signIn, now))) };
    };
    return { resumeSession, touchSession, countLive, searchLive, start };
  });
}

const verdict = async (resumption: ReturnType<typeof resumeSession>) => {
  const resumed = await resumption;
  return resumed.state === "over" ? resumed.reason : resumed.state;
};

describe("staff and administrators", () => {
  it.each<Role>(["staff", "admin"])(
    "TO-10: %s: 30 idle minutes, to the millisecond",
    async (role) => {
      const { token, session } = await signedIn({ role });
      const border = later(session.createdAt, 30 * MINUTE);
      expect(await verdict(resumeSession(token, later(border, 0, -1)))).toBe("live");
      expect(await verdict(resumeSession(token, border))).toBe("idle");
    },
  );

  it.each<Role>(["staff", "admin"])(
    "TO-10: %s: 12 hours however active, to the millisecond",
    async (role) => {
      const { token, session, user } = await signedIn({ role });
      const border = later(session.createdAt, 12 * HOUR);
      await setColumn(session.id, "last_activity_at", later(border, -2 * MINUTE));
      await setColumn(session.id, "expires_at", later(border, 29 * MINUTE));
      expect(await verdict(resumeSession(token, later(border, 0, -1)))).toBe("live");
      expect(await verdict(resumeSession(token, border))).toBe("absolute");
      expect(await touchSession(session, user, DEVICE, later(border, -1))).toBe(true);
      expect((await rowOf(session.id))?.expires_at).toEqual(border);
    },
  );

  it("TO-10: use moves the idle end by 30 minutes", async () => {
    const { token, session, user } = await signedIn({ role: "staff" });
    const used = later(session.createdAt, 20 * MINUTE);
    await touchSession(session, user, DEVICE, used);
    const border = later(used, 30 * MINUTE);
    expect(await verdict(resumeSession(token, later(border, 0, -1)))).toBe("live");
    expect(await verdict(resumeSession(token, border))).toBe("idle");
  });

  it("TO-10: members keep theirs", async () => {
    const { token, session } = await signedIn({ role: "member" });
    expect(await verdict(resumeSession(token, later(session.createdAt, 13 * HOUR)))).toBe("live");
  });

  it.each([
    ["the members' idle limit, where it is shorter", { SESSION_COOKIE_AGE: "600" }, 10 * MINUTE],
    ["their own idle limit, where it is shorter", { SESSION_STAFF_COOKIE_AGE: "300" }, 5 * MINUTE],
    ["the members' absolute limit", { SESSION_ABSOLUTE_AGE: "900" }, 15 * MINUTE],
    ["their own absolute limit", { SESSION_STAFF_ABSOLUTE_AGE: "120" }, 2 * MINUTE],
    ["no longer idle limit than members", { SESSION_STAFF_COOKIE_AGE: "9999999" }, 12 * HOUR],
  ])("TO-10: have %s", async (_, settings, seconds) => {
    const engine = await engineUnder(settings);
    const { token, session } = await engine.start("staff");
    expect(session.expiresAt).toEqual(later(session.createdAt, seconds));
    const before = engine.resumeSession(token, later(session.expiresAt, 0, -1));
    expect(await verdict(before)).toBe("live");
    expect((await engine.resumeSession(token, session.expiresAt)).state).toBe("over");
  });

  it("TO-10: who becomes one has their limits at the next request, who ceases keeps the end", async () => {
    const { token, session, user } = await signedIn();
    const now = later(session.createdAt, 40 * MINUTE);
    await change("UPDATE users SET role = 'staff' WHERE id = ?", [user.id]);
    expect(await verdict(resumeSession(token, now))).toBe("idle");
    await change("UPDATE users SET role = 'member' WHERE id = ?", [user.id]);
    expect(await verdict(resumeSession(token, now))).toBe("live");
  });
});

describe("a setting that was shortened", () => {
  let short: Engine;
  beforeAll(async () => {
    short = await engineUnder({ SESSION_COOKIE_AGE: "3600", SESSION_ABSOLUTE_AGE: "7200" });
  });

  it("TO-7: the idle limit reaches a session that exists, to the millisecond", async () => {
    const { token, session } = await signedIn();
    const border = later(session.createdAt, HOUR);
    expect(await verdict(short.resumeSession(token, later(border, 0, -1)))).toBe("live");
    expect(await verdict(short.resumeSession(token, border))).toBe("idle");
    expect(await verdict(resumeSession(token, border))).toBe("live");
  });

  it("TO-7: the absolute limit reaches a session that exists, to the millisecond", async () => {
    const { token, session } = await signedIn();
    const border = later(session.createdAt, 2 * HOUR);
    await setColumn(session.id, "last_activity_at", later(border, -MINUTE));
    expect(await verdict(short.resumeSession(token, later(border, 0, -1)))).toBe("live");
    expect(await verdict(short.resumeSession(token, border))).toBe("absolute");
  });

  it("TO-7: the next use writes the end that counts", async () => {
    const { session, user } = await signedIn();
    const used = later(session.createdAt, 90 * MINUTE);
    expect(await short.touchSession(session, user, DEVICE, used)).toBe(true);
    expect((await rowOf(session.id))?.expires_at).toEqual(later(session.createdAt, 2 * HOUR));
  });

  it("TO-7: lists and counts leave out what it has ended, and show the end that counts", async () => {
    const { session, user } = await signedIn({ now: later(new Date(), -2 * HOUR) });
    const other = await signedIn({ user });
    const now = new Date();
    const { sessions } = await short.searchLive({ userId: user.id }, { limit: 10 }, now);
    expect(sessions.map((each) => each.session.id)).toEqual([other.session.id]);
    expect(sessions[0]?.session.expiresAt).toEqual(later(other.session.createdAt, HOUR));
    expect(await countLive(now)).toBeGreaterThan(await short.countLive(now));
    expect((await rowOf(session.id))?.ended_at).toBeNull();
  });

  it("TO-7: a setting that was lengthened revives nothing, and counts from the next use", async () => {
    const { token, session, user } = await short.start("member");
    expect(await verdict(resumeSession(token, later(session.createdAt, HOUR)))).toBe("idle");
    const used = later(session.createdAt, 30 * MINUTE);
    await touchSession(session, user, DEVICE, used);
    // The absolute end is the one of the sign-in.
    expect((await rowOf(session.id))?.expires_at).toEqual(later(session.createdAt, 2 * HOUR));
  });
});

describe("SESSION_SAVE_EVERY_REQUEST=false", () => {
  let fixed: Engine;
  beforeAll(async () => {
    fixed = await engineUnder({ SESSION_SAVE_EVERY_REQUEST: "false" });
  });

  it("ends at sign-in + SESSION_COOKIE_AGE however active, to the millisecond", async () => {
    const { token, session, user } = await fixed.start("member");
    const border = later(session.createdAt, 14 * DAY);
    expect(await fixed.touchSession(session, user, DEVICE, later(border, -HOUR))).toBe(true);
    expect(await verdict(fixed.resumeSession(token, later(border, 0, -1)))).toBe("live");
    expect(await verdict(fixed.resumeSession(token, border))).toBe("idle");
  });

  it("notes the use all the same", async () => {
    const { session, user } = await fixed.start("member");
    const used = later(session.createdAt, HOUR);
    await fixed.touchSession(session, user, DEVICE, used);
    expect(await rowOf(session.id)).toMatchObject({
      last_activity_at: used,
      expires_at: session.expiresAt,
    });
  });

  it("TO-7: reaches a session that was extended before", async () => {
    const { token, session, user } = await signedIn();
    await touchSession(session, user, DEVICE, later(session.createdAt, 13 * DAY));
    const border = later(session.createdAt, 14 * DAY);
    expect(await verdict(resumeSession(token, border))).toBe("live");
    expect(await verdict(fixed.resumeSession(token, later(border, 0, -1)))).toBe("live");
    expect(await verdict(fixed.resumeSession(token, border))).toBe("idle");
  });
});

describe("a clock that stepped back by an hour", () => {
  it.each<Role>(["member", "admin"])("TO-9: ends nothing and extends nothing: %s", async (role) => {
    const { token, session, user } = await signedIn({ role });
    const row = await rowOf(session.id);
    const now = later(session.createdAt, -HOUR);
    const resumed = await resumeSession(token, now);
    expect(resumed).toMatchObject({ state: "live", session: { expiresAt: session.expiresAt } });
    expect(await touchSession(session, user, DEVICE, now)).toBe(false);
    await purgeSessions(now);
    expect(await rowOf(session.id)).toEqual(row);
  });

  it("TO-9: writes no use until it has caught up, and then as ever", async () => {
    const { session, user } = await signedIn({ role: "staff" });
    const touchAt = (seconds: number, ms = 0) =>
      touchSession(session, user, DEVICE, later(session.createdAt, seconds, ms));
    expect([await touchAt(-HOUR), await touchAt(-1), await touchAt(0)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await touchAt(MINUTE, -1)).toBe(false);
    expect(await touchAt(MINUTE)).toBe(true);
  });

  it("TO-9: what was noted while it was fast extends by the step at most", async () => {
    const { token, session, user } = await signedIn({ role: "staff" });
    const fast = later(session.createdAt, HOUR);
    await setColumn(session.id, "last_activity_at", later(fast, -2 * MINUTE));
    await touchSession(session, user, DEVICE, fast);
    const row = await rowOf(session.id);
    expect(row?.expires_at).toEqual(later(session.createdAt, HOUR + 30 * MINUTE));
    expect(row?.absolute_expires_at).toEqual(session.absoluteExpiresAt);
    expect(await verdict(resumeSession(token, session.createdAt))).toBe("live");
  });

  it("TO-9: a session that starts then has the limits from that moment on", async () => {
    const now = later(new Date(), -HOUR);
    const { token, session } = await signedIn({ role: "staff", now });
    expect(session.expiresAt).toEqual(later(now, 30 * MINUTE));
    expect(await verdict(resumeSession(token, new Date()))).toBe("idle");
  });

  it("TO-9: revives nothing that has ended before it stepped", async () => {
    const { token, session } = await signedIn();
    await setColumn(session.id, "expires_at", later(new Date(), -1));
    await purgeSessions(new Date());
    const before = resumeSession(token, later(session.createdAt, -HOUR));
    expect(await verdict(before)).toBe("idle");
  });
});

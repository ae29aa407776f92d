import { describe, expect, it } from "vitest";
import { END_REASONS } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { endAllSessions, endSessionById, endSessions } from "@/lib/session/end";
import { countLive } from "@/lib/session/list";
import { resumeSession } from "@/lib/session/resume";
import { searchLive } from "@/lib/session/search";
import {
  aUser,
  DEVICE,
  eventsOf,
  rowOf,
  setColumn,
  signedIn,
  withoutEvents,
} from "../../support/signed-in";
import { idBytes, rows } from "../../support/sql";

const EVENT: Record<string, string> = {
  signed_out: "sign_out",
  idle: "session_expired",
  absolute: "session_expired",
};

describe("endSessionById", () => {
  it.each(END_REASONS)(
    "%s: erases the hash, writes down why and when, with one event",
    async (reason) => {
      const { session, token } = await signedIn();
      const now = new Date();
      expect(await endSessionById({ id: session.id, reason, device: DEVICE }, now)).toBe(true);
      expect(await rowOf(session.id)).toMatchObject({
        secret_hash: null,
        ended_at: now,
        end_reason: reason,
      });
      const type = EVENT[reason] ?? "session_revoked";
      expect(await eventsOf(session.id)).toEqual(["sign_in", `${type} ${reason}`]);
      expect(await resumeSession(token, now)).toMatchObject({ state: "over", reason });
    },
  );

  it("ending what is over changes nothing and is no event", async () => {
    const { session } = await signedIn();
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    const ended = await rowOf(session.id);
    expect(await endSessionById({ id: session.id, reason: "revoked" }, new Date())).toBe(false);
    expect(await rowOf(session.id)).toEqual(ended);
    expect(await eventsOf(session.id)).toHaveLength(2);
  });

  it("of many at once one ends it, and one event tells of it", async () => {
    const { session } = await signedIn();
    const end = () => endSessionById({ id: session.id, reason: "revoked" }, new Date());
    const all = await Promise.all(Array.from({ length: 10 }, end));
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
  });

  it("TE-12: the end and its event stand or fall together", async () => {
    const { session, token } = await signedIn();
    const end = { id: session.id, reason: "revoked" } as const;
    await withoutEvents(() => expect(endSessionById(end, new Date())).rejects.toThrow());
    expect((await rowOf(session.id))?.ended_at).toBeNull();
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });

  it("LG-1: says who did it, and from where", async () => {
    const { session, user } = await signedIn();
    const admin = await aUser("admin");
    const end = { id: session.id, reason: "revoked_by_admin", actorId: admin.id, device: DEVICE };
    await endSessionById({ ...end, reason: "revoked_by_admin" }, new Date());
    const [event] = await rows(
      "SELECT * FROM events WHERE session_id = ? ORDER BY id DESC LIMIT 1",
      [idBytes(session.id)],
    );
    expect(event).toMatchObject({
      type: "session_revoked",
      user_id: user.id,
      actor_id: admin.id,
      ip_address: DEVICE.ipAddress,
      user_agent: DEVICE.userAgent,
    });
  });
});

describe("endSessions", () => {
  const endOthers = (userId: number, keep?: string) =>
    inTransaction((transaction) =>
      endSessions(
        transaction,
        { userId, ...(keep ? { except: keep } : {}) },
        { reason: "revoked" },
        new Date(),
      ),
    );

  it("TE-8: ends all but the one to keep, with an event each", async () => {
    const kept = await signedIn();
    const others = [await signedIn({ user: kept.user }), await signedIn({ user: kept.user })];
    expect(await endOthers(kept.user.id, kept.session.id)).toBe(2);
    expect((await resumeSession(kept.token, new Date())).state).toBe("live");
    for (const { session, token } of others) {
      expect(await resumeSession(token, new Date())).toMatchObject({ reason: "revoked" });
      expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
    }
  });

  it("TE-10: ends nobody else's", async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    expect(await endOthers(mine.user.id)).toBe(1);
    expect((await resumeSession(theirs.token, new Date())).state).toBe("live");
  });

  it("a session that had ended keeps its own reason, and is not counted", async () => {
    const { session, user } = await signedIn();
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    expect(await endOthers(user.id)).toBe(0);
    expect((await rowOf(session.id))?.end_reason).toBe("signed_out");
  });

  it("without any session nothing happens", async () => {
    const user = await aUser();
    expect(await endOthers(user.id)).toBe(0);
    expect(await rows("SELECT id FROM events WHERE user_id = ?", [user.id])).toEqual([]);
  });
});

describe("lists and counts", () => {
  it("agree with what a request would be told", async () => {
    const live = await signedIn();
    const { user } = live;
    const over = await Promise.all(Array.from({ length: 5 }, () => signedIn({ user })));
    const [ended, idle, forgotten, old, lapsed] = over.map(({ session }) => session.id);
    await endSessionById({ id: ended ?? "", reason: "revoked" }, new Date());
    const longAgo = new Date(Date.now() - 91 * 86_400_000);
    await setColumn(idle ?? "", "last_activity_at", longAgo);
    await setColumn(forgotten ?? "", "expires_at", new Date(Date.now() - 1));
    await setColumn(old ?? "", "created_at", longAgo);
    await setColumn(lapsed ?? "", "absolute_expires_at", new Date(Date.now() - 1));
    const now = new Date();
    for (const { token } of over) expect((await resumeSession(token, now)).state).toBe("over");
    const { sessions: listed } = await searchLive({ userId: user.id }, { limit: 50 }, now);
    expect(listed.map(({ session }) => session.id)).toEqual([live.session.id]);
    expect(JSON.stringify(listed)).not.toMatch(/secret|hash/i);
    const all = await searchLive({}, { limit: 10_000 }, now);
    expect(await countLive(now)).toBe(all.sessions.length);
  });

  it("show the newest activity first, and no more than asked for", async () => {
    const first = await signedIn({ now: new Date(Date.now() - 60_000) });
    const second = await signedIn({ user: first.user });
    const ids = async (limit: number) =>
      (await searchLive({ userId: first.user.id }, { limit }, new Date())).sessions.map(
        ({ session }) => session.id,
      );
    expect(await ids(50)).toEqual([second.session.id, first.session.id]);
    expect(await ids(1)).toEqual([second.session.id]);
  });
});

describe("endAllSessions", () => {
  it("TE-9: ends everybody's, with one event for all", async () => {
    const some = [await signedIn(), await signedIn(), await signedIn()];
    const before = await countLive(new Date());
    const now = new Date();
    expect(await endAllSessions(now)).toBeGreaterThanOrEqual(before);
    for (const { token, session } of some) {
      expect(await resumeSession(token, now)).toMatchObject({ state: "over", reason: "reset" });
      expect(await eventsOf(session.id)).toEqual(["sign_in"]);
    }
    expect(await countLive(new Date())).toBe(0);
    const known = "SELECT id FROM users WHERE known_browsers_since IS NULL";
    expect(await rows(known), "AU-15: nobody's browser is known any more").toEqual([]);
    const cleared = await rows("SELECT detail FROM events WHERE type = 'sessions_cleared'");
    expect(cleared).toHaveLength(1);
  });
});

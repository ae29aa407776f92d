import { beforeEach, describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { type Purged, purgeSessions } from "@/lib/session/purge";
import { resumeSession } from "@/lib/session/resume";
import { changedMeanwhile } from "../../support/held-row";
import { manage } from "../../support/manage";
import { manySessions } from "../../support/many-sessions";
import { onEveryConnection } from "../../support/on-every-connection";
import { aUser, eventsOf, rowOf, setColumn, signedIn } from "../../support/signed-in";
import { change, idBytes, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const DAY_MS = 86_400_000;
const now = new Date();
const ago = (ms: number) => new Date(now.getTime() - ms);

// A purge is everybody's: what one test leaves would be counted in the next.
beforeEach(() => change("DELETE FROM sessions"));

/** A session whose time was up so long ago. */
async function ranOut(ms: number) {
  const it = await signedIn();
  await setColumn(it.session.id, "expires_at", ago(ms));
  return it;
}
/** A session that ended so long ago. */
async function ended(ms: number) {
  const it = await signedIn();
  await endSessionById({ id: it.session.id, reason: "signed_out" }, ago(ms));
  return it;
}

describe("sessions that ran out", () => {
  it("RL-7: idle: get the end that they had, its reason, no hash, and one event", async () => {
    const { session } = await ranOut(5000);
    expect(await purgeSessions(now)).toEqual({ expired: 1, removed: 0 });
    expect(await rowOf(session.id)).toMatchObject({
      ended_at: ago(5000),
      end_reason: "idle",
      secret_hash: null,
    });
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_expired idle"]);
    const [event] = await rows(
      "SELECT * FROM events WHERE session_id = ? ORDER BY id DESC LIMIT 1",
      [idBytes(session.id)],
    );
    expect(event).toMatchObject({ at: now, user_id: session.userId, actor_id: null });
  });

  it("RL-7: absolute: where that was the earlier end", async () => {
    const { session } = await ranOut(5000);
    await setColumn(session.id, "absolute_expires_at", ago(5000));
    await purgeSessions(now);
    expect(await rowOf(session.id)).toMatchObject({ ended_at: ago(5000), end_reason: "absolute" });
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_expired absolute"]);
  });

  it("RL-7: the one whose end is now has ended, the one with a millisecond left lives", async () => {
    const [at, before] = [await ranOut(0), await ranOut(-1)];
    const untouched = await rowOf(before.session.id);
    expect(await purgeSessions(now)).toEqual({ expired: 1, removed: 0 });
    expect((await rowOf(at.session.id))?.end_reason).toBe("idle");
    expect(await rowOf(before.session.id)).toEqual(untouched);
    expect((await resumeSession(before.token, now)).state).toBe("live");
  });

  it("RL-7: a secret of a rotation before goes, too", async () => {
    const { session } = await ranOut(5000);
    await change("UPDATE sessions SET former_secret_hash = secret_hash, former_secret_until = ?", [
      new Date(Date.now() + 30_000),
    ]);
    await purgeSessions(now);
    expect(await rowOf(session.id)).toMatchObject({
      former_secret_hash: null,
      former_secret_until: null,
    });
  });

  it("RL-7: are noted once, however often it is purged", async () => {
    const { session } = await ranOut(5000);
    await purgeSessions(now);
    const noted = await rowOf(session.id);
    expect(await purgeSessions(new Date())).toEqual({ expired: 0, removed: 0 });
    expect(await rowOf(session.id)).toEqual(noted);
    expect(await eventsOf(session.id)).toHaveLength(2);
  });

  it("RL-7: are noted once when two purges and late requests meet", async () => {
    const sessions = await Promise.all(Array.from({ length: 30 }, () => ranOut(5000)));
    const requests = sessions.map(({ session }) => () => {
      return endSessionById({ id: session.id, reason: "idle", endedAt: ago(5000) }, now);
    });
    const purges = Promise.all([purgeSessions(now), purgeSessions(now)]);
    // Each once more, so that some come when the end is there already.
    const late = onEveryConnection([...requests, ...requests]);
    const [[one, two], byRequest] = await Promise.all([purges, late]);
    expect(one.expired + two.expired + byRequest.filter(Boolean).length).toBe(30);
    for (const { session } of sessions) {
      expect(await eventsOf(session.id)).toEqual(["sign_in", "session_expired idle"]);
      expect((await rowOf(session.id))?.ended_at).toEqual(ago(5000));
    }
  });

  it("RL-7: one that is extended between the pick and the change lives on", async () => {
    const [extended, other] = [await ranOut(5000), await ranOut(4000)];
    const assignment = "expires_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY";
    const purge = () => purgeSessions(now);
    expect(await changedMeanwhile(extended.session.id, assignment, purge)).toEqual({
      expired: 1,
      removed: 0,
    });
    expect((await resumeSession(extended.token, new Date())).state).toBe("live");
    expect(await eventsOf(extended.session.id)).toEqual(["sign_in"]);
    expect((await rowOf(other.session.id))?.end_reason).toBe("idle");
  });

  it("RL-7: one that ends otherwise between the pick and the change keeps that reason", async () => {
    const { session } = await ranOut(5000);
    const assignment = "ended_at = UTC_TIMESTAMP(3), end_reason = 'revoked', secret_hash = NULL";
    const purged = await changedMeanwhile(session.id, assignment, () => purgeSessions(now));
    expect(purged.expired).toBe(0);
    expect((await rowOf(session.id))?.end_reason).toBe("revoked");
    expect(await eventsOf(session.id)).toEqual(["sign_in"]);
  });
});

describe("sessions that have ended", () => {
  it("RL-7: go when they ended longer ago than SESSION_RETENTION_DAYS, to the millisecond", async () => {
    const [older, at] = [await ended(30 * DAY_MS + 1), await ended(30 * DAY_MS)];
    expect(await purgeSessions(now)).toEqual({ expired: 0, removed: 1 });
    expect(await rowOf(older.session.id)).toBeUndefined();
    expect((await rowOf(at.session.id))?.end_reason).toBe("signed_out");
  });

  it("RL-7: leave their events behind", async () => {
    const { session } = await ended(31 * DAY_MS);
    await purgeSessions(now);
    expect(await eventsOf(session.id)).toEqual(["sign_in", "sign_out signed_out"]);
  });

  it("RL-7: that ran out before the retention are noted and go, in one purge", async () => {
    const { session } = await ranOut(31 * DAY_MS);
    expect(await purgeSessions(now)).toEqual({ expired: 1, removed: 1 });
    expect(await rowOf(session.id)).toBeUndefined();
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_expired idle"]);
  });

  it("RL-7: are kept for as long as the setting says", async () => {
    const [today, yesterday] = [await ended(1000), await ended(DAY_MS + 1)];
    const oneDay = await purgeUnder("1");
    expect(await oneDay(now)).toMatchObject({ removed: 1 });
    expect(await rowOf(yesterday.session.id)).toBeUndefined();
    expect(await rowOf(today.session.id)).toBeDefined();
    const noDay = await purgeUnder("0");
    expect(await noDay(now)).toMatchObject({ removed: 1 });
    expect(await rowOf(today.session.id)).toBeUndefined();
  });
});

describe("live sessions", () => {
  it("RL-7: stay as they are, however old", async () => {
    const it = await signedIn({ now: ago(80 * DAY_MS) });
    await setColumn(it.session.id, "last_activity_at", ago(1000));
    await setColumn(it.session.id, "expires_at", ago(-DAY_MS));
    const before = await rowOf(it.session.id);
    await purgeSessions(now);
    expect(await rowOf(it.session.id)).toEqual(before);
  });
});

describe("batches", () => {
  const told = async (stop?: AbortController) => {
    const all: Purged[] = [];
    const tell = (purged: Purged) => {
      all.push(purged);
      stop?.abort();
    };
    const done = await purgeSessions(now, { tell, ...(stop ? { stop: stop.signal } : {}) });
    return { all, done };
  };

  it("RL-7: are of 200 rows, for both jobs", async () => {
    const { id: userId } = await aUser();
    await manySessions(450, { userId, expiresAt: ago(5000) });
    await manySessions(201, { userId, expiresAt: ago(0), endedAt: ago(40 * DAY_MS) });
    const { all, done } = await told();
    expect(all.map(({ expired, removed }) => [expired, removed])).toEqual([
      [200, 0],
      [400, 0],
      [450, 0],
      [450, 200],
      [450, 201],
    ]);
    expect(done).toEqual({ expired: 450, removed: 201 });
    const events = "SELECT COUNT(DISTINCT session_id) FROM events WHERE user_id = ?";
    expect(await number(events, [userId])).toBe(450);
  });

  it("RL-7: the purge stops between two of them when it is told to", async () => {
    const { id: userId } = await aUser();
    await manySessions(250, { userId, expiresAt: ago(5000) });
    await manySessions(10, { userId, expiresAt: ago(0), endedAt: ago(40 * DAY_MS) });
    expect((await told(new AbortController())).done).toEqual({ expired: 200, removed: 0 });
    expect(await number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).toBe(50);
  });

  it("RL-7: told to stop before it began it does nothing", async () => {
    await ranOut(5000);
    const stop = new AbortController();
    stop.abort();
    expect((await told(stop)).done).toEqual({ expired: 0, removed: 0 });
  });

  it("TE-12: where the events cannot be written nothing has ended", async () => {
    const { session } = await ranOut(5000);
    const before = await rowOf(session.id);
    await change("RENAME TABLE events TO events_away");
    await expect(purgeSessions(now)).rejects.toThrow();
    await change("RENAME TABLE events_away TO events");
    expect(await rowOf(session.id)).toEqual(before);
  });
});

describe("manage sessions purge", () => {
  it("prints how many", async () => {
    await Promise.all([ranOut(5000), ended(31 * DAY_MS), ended(31 * DAY_MS), signedIn()]);
    expect(await manage(["sessions", "purge"])).toEqual(
      expect.objectContaining({
        code: 0,
        out: "Removed 2 session(s); noted the end of 1 more; removed 0 event(s).\n",
        err: "",
      }),
    );
    expect(await number("SELECT COUNT(*) FROM sessions")).toBe(2);
  });

  it("prints one JSON document with --json", async () => {
    await Promise.all([ranOut(5000), ended(31 * DAY_MS)]);
    await change("INSERT INTO events (at, type) VALUES (?, 'sign_in')", [ago(366 * DAY_MS)]);
    const { code, err, json } = await manage(["sessions", "purge", "--json"]);
    expect({ code, err, printed: json() }).toEqual({
      code: 0,
      err: "",
      printed: { expired: 1, removed: 1, events: 1 },
    });
  });
});

async function purgeUnder(days: string): Promise<typeof purgeSessions> {
  const settings = { SESSION_RETENTION_DAYS: days };
  return (await underSettings(settings, () => import("@/lib/session/purge"))).purgeSessions;
}

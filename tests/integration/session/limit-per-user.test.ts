import { describe, expect, it } from "vitest";
import type { Started } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import type { User } from "@/lib/users/user";
import { given } from "../../support/given";
import {
  aUser,
  DEVICE,
  eventsOf,
  METHODS,
  rowOf,
  signedIn,
  withoutEvents,
} from "../../support/signed-in";
import { idBytes, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

type Start = (user: User, replaced?: string[]) => Promise<Started>;

/** Signing in where `SESSION_LIMIT_PER_USER` is this. */
async function startUnder(limit: number): Promise<Start> {
  const settings = { SESSION_LIMIT_PER_USER: String(limit) };
  const lifecycle = await underSettings(settings, () => import("@/lib/session/lifecycle"));
  return (user, replaced = []) =>
    given(
      lifecycle.startSession(
        { user, methods: METHODS, persistent: false, device: DEVICE, replaced },
        new Date(),
      ),
    );
}

const liveOf = async (user: User) => {
  const found = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL", [
    user.id,
  ]);
  return found.length;
};

describe("SESSION_LIMIT_PER_USER", () => {
  it("0 is no limit", async () => {
    const [start, user] = [await startUnder(0), await aUser()];
    for (let n = 0; n < 12; n += 1) await start(user);
    expect(await liveOf(user)).toBe(12);
  });

  it("1: each sign-in ends the one before", async () => {
    const [start, user] = [await startUnder(1), await aUser()];
    const [first, second] = [await start(user), await start(user)];
    expect(await resumeSession(first.token, new Date())).toMatchObject({ reason: "limit" });
    expect((await resumeSession(second.token, new Date())).state).toBe("live");
  });

  it("TO-7: lowered below what there is, the next sign-in ends all that are too many", async () => {
    const user = await aUser();
    const before = [];
    for (let n = 0; n < 5; n += 1) before.push(await signedIn({ user }));
    const start = await startUnder(2);
    expect(await liveOf(user)).toBe(5);
    await start(user);
    expect(await liveOf(user)).toBe(2);
    const newest = before.at(-1);
    expect(newest && (await resumeSession(newest.token, new Date())).state).toBe("live");
  });

  it("a session that the same browser replaces does not count", async () => {
    const [start, user] = [await startUnder(2), await aUser()];
    const [other, mine] = [await start(user), await start(user)];
    await start(user, [mine.session.id]);
    expect((await rowOf(mine.session.id))?.end_reason).toBe("signed_out");
    expect((await resumeSession(other.token, new Date())).state).toBe("live");
  });

  it("LG-1: the event names the one that ended, and nobody who did it", async () => {
    const [start, user] = [await startUnder(1), await aUser()];
    const first = await start(user);
    await start(user);
    expect(await eventsOf(first.session.id)).toEqual(["sign_in", "session_revoked limit"]);
    const [event] = await rows(
      "SELECT * FROM events WHERE session_id = ? AND type = 'session_revoked'",
      [idBytes(first.session.id)],
    );
    expect(event).toMatchObject({ user_id: user.id, actor_id: null });
  });

  it("TE-12: a sign-in that fails ends nobody's session", async () => {
    const [start, user] = [await startUnder(1), await aUser()];
    const first = await start(user);
    await withoutEvents(() => expect(start(user)).rejects.toThrow());
    expect((await resumeSession(first.token, new Date())).state).toBe("live");
    expect(await liveOf(user)).toBe(1);
  });

  it("RL-4: is exact for several users who each sign in 20 times at once", async () => {
    const start = await startUnder(2);
    const users = await Promise.all(Array.from({ length: 3 }, () => aUser()));
    await Promise.all(users.flatMap((user) => Array.from({ length: 20 }, () => start(user))));
    for (const user of users) expect(await liveOf(user)).toBe(2);
  });
});

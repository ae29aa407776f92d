import { beforeAll, describe, expect, it } from "vitest";
import { resumeSession } from "@/lib/session/resume";
import type { User } from "@/lib/users/user";
import { given } from "../../support/given";
import { aUser, DEVICE, eventsOf, METHODS, rowOf, setColumn } from "../../support/signed-in";
import { rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const LIMIT = 3;
let lifecycle: typeof import("@/lib/session/lifecycle");

beforeAll(async () => {
  lifecycle = await underSettings(
    { SESSION_LIMIT_PER_USER: String(LIMIT) },
    () => import("@/lib/session/lifecycle"),
  );
});

const start = (user: User) =>
  given(
    lifecycle.startSession(
      { user, methods: METHODS, persistent: false, device: DEVICE, replaced: [] },
      new Date(),
    ),
  );

const counted = async (user: User) => {
  const found = await rows(
    "SELECT IFNULL(end_reason, 'live') AS state, COUNT(*) AS n FROM sessions WHERE user_id = ? GROUP BY 1",
    [user.id],
  );
  return Object.fromEntries(found.map(({ state, n }) => [state, Number(n)]));
};

describe("SESSION_LIMIT_PER_USER", () => {
  it("the session whose last use is longest ago ends with reason limit", async () => {
    const user = await aUser();
    const first = await start(user);
    const second = await start(user);
    await start(user);
    await setColumn(second.session.id, "last_activity_at", new Date(Date.now() - 60_000));
    await start(user);
    expect(await counted(user)).toEqual({ live: LIMIT, limit: 1 });
    expect(await resumeSession(second.token, new Date())).toMatchObject({ reason: "limit" });
    expect((await resumeSession(first.token, new Date())).state).toBe("live");
    expect(await eventsOf(second.session.id)).toEqual(["sign_in", "session_revoked limit"]);
  });

  it("the session that has just started is never the one that ends", async () => {
    const user = await aUser();
    for (let n = 0; n < LIMIT; n += 1) {
      const { session } = await start(user);
      await setColumn(session.id, "last_activity_at", new Date(Date.now() + 3_600_000));
    }
    const newest = await start(user);
    expect((await rowOf(newest.session.id))?.ended_at).toBeNull();
    expect(await counted(user)).toEqual({ live: LIMIT, limit: 1 });
  });

  it("RL-4: is exact when one user signs in 50 times at once", async () => {
    const user = await aUser();
    const started = await Promise.all(Array.from({ length: 50 }, () => start(user)));
    expect(new Set(started.map(({ session }) => session.id)).size).toBe(50);
    expect(await counted(user)).toEqual({ live: LIMIT, limit: 50 - LIMIT });
    const [events] = await rows(
      "SELECT COUNT(*) AS n FROM events WHERE user_id = ? AND type = 'session_revoked'",
      [user.id],
    );
    expect(Number(events?.n)).toBe(50 - LIMIT);
  });

  it("counts each user alone", async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => aUser()));
    await Promise.all(users.flatMap((user) => [start(user), start(user), start(user)]));
    for (const user of users) expect(await counted(user)).toEqual({ live: LIMIT });
  });

  it("sessions that are over do not count", async () => {
    const user = await aUser();
    for (let n = 0; n < LIMIT; n += 1) {
      const { session } = await start(user);
      await setColumn(session.id, "expires_at", new Date(Date.now() - 1));
    }
    await start(user);
    expect(await counted(user)).toEqual({ live: LIMIT + 1 });
  });
});

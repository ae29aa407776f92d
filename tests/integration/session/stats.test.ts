import { beforeEach, expect, it } from "vitest";
import { countNotEnded } from "@/lib/session/end-rows";
import { countLive } from "@/lib/session/list";
import { aboutLive, countEnded, countWaiting, liveShares } from "@/lib/session/stats";
import { manySessions } from "../../support/many-sessions";
import { plansOf } from "../../support/plans";
import { aUser, setColumn, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);

const counted = (count: number) => ({ count, isEstimated: false });

beforeEach(async () => {
  await change("DELETE FROM sessions");
});

it("counts what has ended, what has run out unnoticed, and what is past retention", async () => {
  const { id: userId } = await aUser();
  await manySessions(3, { userId, expiresAt: ago(0), endedAt: ago(DAY_MS) });
  await manySessions(2, { userId, expiresAt: ago(0), endedAt: ago(31 * DAY_MS) });
  await manySessions(4, { userId, expiresAt: ago(1000) });
  await signedIn();
  const now = new Date();
  expect(await countEnded(now)).toEqual(counted(5));
  expect(await countWaiting(now)).toEqual({ runOut: counted(4), pastRetention: counted(2) });
  expect(await aboutLive(now)).toEqual(counted(1));
});

it("says where a figure is estimated, since a page does not count so many", async () => {
  const { id: userId } = await aUser();
  await manySessions(700, { userId, expiresAt: ago(0), endedAt: ago(DAY_MS) });
  await manySessions(300, { userId, expiresAt: new Date(Date.now() + DAY_MS) });
  await change("ANALYZE TABLE sessions");
  const now = new Date();
  const most = 50;
  for (const estimated of [await countEnded(now, most), await aboutLive(now, most)]) {
    expect(estimated.isEstimated).toBe(true);
    expect(estimated.count).toBeGreaterThan(most);
    expect(estimated.count).toBeLessThan(2000);
  }
  // What was counted on the side meanwhile is what the next one is told.
  await expect.poll(() => aboutLive(now, most)).toEqual({ count: 300, isEstimated: true });
  expect(await countLive(now)).toBe(300);
});

it("of very many, too, counts none whose user may not sign in or whose limit is past", async () => {
  const [{ id: userId }, disabled] = [await aUser(), await aUser()];
  await manySessions(100, { userId, expiresAt: new Date(Date.now() + DAY_MS) });
  await manySessions(60, { userId: disabled.id, expiresAt: new Date(Date.now() + DAY_MS) });
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [disabled.id]);
  // Begun before the absolute limit that is in force now.
  await manySessions(40, { userId, expiresAt: ago(-400 * DAY_MS) });
  await change("UPDATE sessions SET created_at = ? WHERE expires_at > ?", [
    ago(400 * DAY_MS),
    ago(-399 * DAY_MS),
  ]);
  // Later than what this process may have counted for another test.
  const now = new Date(Date.now() + 10 * 60_000);
  await aboutLive(now, 50);
  await expect.poll(() => aboutLive(now, 50)).toEqual({ count: 100, isEstimated: true });
});

it("counts step by step what is too much for one statement, each session once", async () => {
  const { id: userId } = await aUser();
  // Many that end at the same moment, some at moments of their own, and what does not count.
  await manySessions(50, { userId, expiresAt: new Date(Date.now() + DAY_MS) });
  for (let n = 1; n <= 10; n += 1)
    await manySessions(1, { userId, expiresAt: new Date(Date.now() + n * DAY_MS) });
  await manySessions(5, { userId, expiresAt: ago(1000) });
  const now = new Date();
  for (const atOnce of [1, 7, 60, 65, 1000]) {
    const heard: number[] = [];
    expect(await countNotEnded(now, atOnce)).toBe(60);
    expect(await countLive(now, (found) => heard.push(found), atOnce)).toBe(60);
    expect(heard.at(-1)).toBe(60);
  }
});

it("RL-12: counts by index alone", async () => {
  const count = async () => {
    await countWaiting(new Date());
    await countEnded(new Date());
    await countNotEnded(new Date());
  };
  const ofSessions = (await plansOf(count)).filter(({ table }) => table === "sessions");
  expect(ofSessions.length).toBeGreaterThan(3);
  for (const { key } of ofSessions) expect(key).toMatch(/^sessions_ended_/);
});

it("RL-12: counts exactly in steps by the primary key, and by the index of ends", async () => {
  const [first] = await plansOf(() => countLive(new Date()));
  expect(first).toMatchObject({ table: "sessions", key: "PRIMARY", isSorted: false });
  const steps = await plansOf(() => countNotEnded(new Date()));
  for (const step of steps)
    expect(step).toMatchObject({ key: "sessions_ended_expires", isSorted: false });
});

it("tells live sessions by age and by browser", async () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
  for (const [age, userAgent] of [
    [0, chrome],
    [2 * DAY_MS, chrome],
    [20 * DAY_MS, "curl/8"],
  ] as const) {
    const { session } = await signedIn();
    await setColumn(session.id, "created_at", ago(age));
    await setColumn(session.id, "user_agent", userAgent);
  }
  const { of, byAge, byBrowser } = await liveShares(new Date());
  expect(of).toBe(3);
  expect(byAge.map(({ sessions }) => sessions)).toEqual([1, 0, 1, 1, 0]);
  expect(byBrowser).toEqual([
    { name: "Chrome", sessions: 2 },
    { name: "Other", sessions: 1 },
  ]);
});

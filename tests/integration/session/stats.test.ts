import { beforeEach, expect, it } from "vitest";
import { countEnded, liveShares } from "@/lib/session/stats";
import { manySessions } from "../../support/many-sessions";
import { plansOf } from "../../support/plans";
import { aUser, setColumn, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);

beforeEach(async () => {
  await change("DELETE FROM sessions");
});

it("counts what has ended, what has run out unnoticed, and what is past retention", async () => {
  const { id: userId } = await aUser();
  await manySessions(3, { userId, expiresAt: ago(0), endedAt: ago(DAY_MS) });
  await manySessions(2, { userId, expiresAt: ago(0), endedAt: ago(31 * DAY_MS) });
  await manySessions(4, { userId, expiresAt: ago(1000) });
  await signedIn();
  expect(await countEnded(new Date())).toEqual({ ended: 5, runOut: 4, pastRetention: 2 });
});

it("RL-12: counts by index alone", async () => {
  for (const { key } of await plansOf(() => countEnded(new Date())))
    expect(key).toMatch(/^sessions_ended_/);
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

import { expect, it } from "vitest";
import { purgeNowAndThen } from "@/lib/jobs/purge";
import { eventsOf, rowOf, setColumn, signedIn } from "../../support/signed-in";

const FEW_MS = 20;
const LONG_AGO = new Date(Date.now() - 40 * 86_400_000);

it("RL-7: sessions that ran out get their end, and old ones go, without anybody asking", async () => {
  const { session: ranOut } = await signedIn();
  const { session: old } = await signedIn();
  await setColumn(ranOut.id, "expires_at", new Date(Date.now() - 1000));
  await setColumn(old.id, "expires_at", LONG_AGO);
  const end = purgeNowAndThen(FEW_MS);
  try {
    await expect.poll(async () => (await rowOf(ranOut.id))?.end_reason).toBe("idle");
    await expect.poll(() => rowOf(old.id)).toBeUndefined();
    expect(await eventsOf(ranOut.id)).toEqual(["sign_in", "session_expired idle"]);
  } finally {
    end();
  }
});

it("RL-7: two processes that do so at once do it once", async () => {
  const { session } = await signedIn();
  await setColumn(session.id, "expires_at", new Date(Date.now() - 1000));
  const ends = [purgeNowAndThen(FEW_MS), purgeNowAndThen(FEW_MS)];
  try {
    await expect.poll(async () => (await rowOf(session.id))?.end_reason).toBe("idle");
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_expired idle"]);
  } finally {
    for (const end of ends) end();
  }
});

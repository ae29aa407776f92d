import { expect, it } from "vitest";
import { endAllSessions } from "@/lib/session/end";
import { manySessions } from "../../support/many-sessions";
import { aUser } from "../../support/signed-in";
import { change, number } from "../../support/sql";

// Recursion stops at a thousand where a server is not told otherwise, so several times.
const TIMES = 3;
const EACH = 900;

it("TE-9: clearing all sessions ends more than one batch of them, with one event", async () => {
  const { id: userId } = await aUser();
  await change("UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), end_reason = 'revoked'");
  for (let time = 0; time < TIMES; time += 1)
    await manySessions(EACH, { userId, expiresAt: new Date(Date.now() + 3_600_000) });
  expect(await endAllSessions(new Date())).toBe(TIMES * EACH);
  expect(await number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).toBe(0);
  expect(await number("SELECT COUNT(*) FROM sessions WHERE end_reason = 'reset'")).toBe(
    TIMES * EACH,
  );
  expect(await number("SELECT COUNT(*) FROM events WHERE type = 'sessions_cleared'")).toBe(1);
});

import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { findSessionDetails } from "@/lib/session/history";
import { listForUser } from "@/lib/session/list";
import { newSessionId } from "@/lib/session/token";
import { setColumn, signedIn } from "../../support/signed-in";
import { change } from "../../support/sql";

const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);

async function ended(one: Awaited<ReturnType<typeof signedIn>>, endedAt: Date) {
  await endSessionById({ id: one.session.id, reason: "revoked", endedAt }, new Date());
}

describe("listForUser", () => {
  it("TE-8: the live ones by activity, and those that ended lately by their end, with reason", async () => {
    const one = await signedIn({ now: ago(60_000) });
    const { user } = one;
    const two = await signedIn({ user });
    const over = [await signedIn({ user }), await signedIn({ user }), await signedIn({ user })];
    const [first, second, longAgo] = over;
    if (!first || !second || !longAgo) throw new Error("three were started");
    await ended(first, ago(DAY_MS));
    await ended(second, ago(2 * DAY_MS));
    await ended(longAgo, ago(30 * DAY_MS + 1000));
    const own = await listForUser(user, new Date());
    expect(own.live.map(({ id }) => id)).toEqual([two.session.id, one.session.id]);
    expect(own.ended.map(({ id, endReason }) => [id, endReason])).toEqual([
      [first.session.id, "revoked"],
      [second.session.id, "revoked"],
    ]);
  });

  it("TE-10: holds nobody else's", async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    expect(JSON.stringify(await listForUser(mine.user, new Date()))).not.toContain(
      theirs.session.id,
    );
  });

  it("what has run out is over, though nobody has written that down", async () => {
    const { session, user } = await signedIn();
    const expiresAt = new Date(ago(5000).setMilliseconds(0));
    await setColumn(session.id, "expires_at", expiresAt);
    const own = await listForUser(user, new Date());
    expect(own.live).toEqual([]);
    expect(own.ended).toMatchObject([{ id: session.id, endReason: "idle", endedAt: expiresAt }]);
  });

  it("SID-5: gives nothing that signs in", async () => {
    const { user } = await signedIn();
    expect(JSON.stringify(await listForUser(user, new Date()))).not.toMatch(/secret|hash/i);
  });
});

describe("findSessionDetails", () => {
  it("gives a session with its user and its events, the newest first", async () => {
    const { session, user } = await signedIn();
    await endSessionById({ id: session.id, reason: "limit" }, new Date());
    const whole = await findSessionDetails(session.id, new Date());
    expect(whole?.user).toEqual(user);
    expect(whole?.session).toMatchObject({ id: session.id, endReason: "limit", data: {} });
    expect(whole?.events.map(({ type }) => type)).toEqual(["session_revoked", "sign_in"]);
    expect(JSON.stringify(whole)).not.toMatch(/secret|hash/i);
  });

  it("is null for what never was", async () => {
    expect(await findSessionDetails(newSessionId(new Date()), new Date())).toBeNull();
  });

  it("tells a live one of a disabled user as over", async () => {
    const { session, user } = await signedIn();
    const now = new Date();
    expect((await findSessionDetails(session.id, now))?.session.endedAt).toBeNull();
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [user.id]);
    expect((await findSessionDetails(session.id, now))?.session.endReason).toBe("user_disabled");
  });
});

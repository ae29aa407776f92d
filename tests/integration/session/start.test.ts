import { describe, expect, it } from "vitest";
import { startSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { hashSecret } from "@/lib/session/token";
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
import { change, idBytes, number, rows } from "../../support/sql";

const DAY_MS = 86_400_000;

describe("startSession", () => {
  it("writes one row with the times of a member's session", async () => {
    const now = new Date();
    const { session, user } = await signedIn({ now, persistent: true });
    expect(await rowOf(session.id)).toMatchObject({
      user_id: user.id,
      created_at: now,
      authenticated_at: now,
      last_activity_at: now,
      expires_at: new Date(now.getTime() + 14 * DAY_MS),
      absolute_expires_at: new Date(now.getTime() + 90 * DAY_MS),
      ended_at: null,
      end_reason: null,
      persistent: 1,
      ip_address: DEVICE.ipAddress,
      user_agent: DEVICE.userAgent,
      former_secret_hash: null,
    });
  });

  it("SID-2: the row holds the hash of the secret, and nowhere the secret", async () => {
    const { session, token } = await signedIn();
    const row = await rowOf(session.id);
    expect(row?.secret_hash).toEqual(hashSecret(token.secret));
    const secret = Buffer.from(token.secret, "base64url");
    for (const value of Object.values(row ?? {})) {
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(token.secret)).toBe(false);
    }
  });

  it("what it returns is what a request will read", async () => {
    const { session, token, user, brought } = await signedIn({ persistent: true });
    expect(await resumeSession(token, new Date())).toEqual({
      state: "live",
      session,
      user,
      token: "present",
      brought,
    });
  });

  it("notes the sign-in in the log and at the user", async () => {
    const now = new Date();
    const { session, user } = await signedIn({ now });
    expect(await eventsOf(session.id)).toEqual(["sign_in"]);
    const [event] = await rows("SELECT * FROM events WHERE session_id = ?", [idBytes(session.id)]);
    expect(event).toMatchObject({ at: now, user_id: user.id, ip_address: DEVICE.ipAddress });
    const [person] = await rows("SELECT last_sign_in_at FROM users WHERE id = ?", [user.id]);
    expect(person?.last_sign_in_at).toEqual(now);
  });

  it("TE-12: where the event cannot be written there is no session either", async () => {
    const user = await aUser();
    await withoutEvents(() => expect(signedIn({ user })).rejects.toThrow());
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(0);
    const [person] = await rows("SELECT last_sign_in_at FROM users WHERE id = ?", [user.id]);
    expect(person?.last_sign_in_at).toBeNull();
  });

  it("fails, and leaves nothing, for a user who has been deleted meanwhile", async () => {
    const user = await aUser();
    await change("DELETE FROM users WHERE id = ?", [user.id]);
    await expect(signedIn({ user })).rejects.toThrow("refused: overtaken");
    expect(await number("SELECT COUNT(*) FROM events WHERE user_id = ?", [user.id])).toBe(0);
  });
});

describe("a sign-in that was overtaken", () => {
  const verified = "gatehouse1$of the password that was checked";

  it("PW-6: starts no session when the password has been changed since it was checked", async () => {
    const user = await aUser();
    const signIn = {
      user,
      passwordHash: verified,
      methods: METHODS,
      persistent: false,
      device: DEVICE,
      replaced: [],
    };
    expect(await startSession(signIn, new Date())).toEqual({ refused: "overtaken" });
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(0);
    await change("UPDATE users SET password_hash = ? WHERE id = ?", [verified, user.id]);
    expect((await given(startSession(signIn, new Date()))).session.userId).toBe(user.id);
  });

  it("TE-12: writes nothing: what it would have replaced goes on, and the log tells of no sign-in", async () => {
    const [user, before] = [await aUser(), await signedIn()];
    const kept = async () => ({
      user: await rows("SELECT * FROM users WHERE id = ?", [user.id]),
      replaced: await rowOf(before.session.id),
      events: await number("SELECT COUNT(*) FROM events"),
      sessions: await number("SELECT COUNT(*) FROM sessions"),
    });
    const then = await kept();
    const replaced = [before.session.id];
    const signIn = {
      user,
      passwordHash: verified,
      methods: METHODS,
      persistent: false,
      device: DEVICE,
      replaced,
    };
    expect(await startSession(signIn, new Date())).toEqual({ refused: "overtaken" });
    expect(await kept()).toEqual(then);
  });

  it("TE-6: starts no session when the user has been disabled since", async () => {
    const user = await aUser();
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [user.id]);
    await expect(signedIn({ user })).rejects.toThrow("refused: overtaken");
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(0);
  });
});

describe("signing in over another session", () => {
  it("RO-1: gives a new id and a new secret; the old session is over", async () => {
    const before = await signedIn();
    const after = await signedIn({ user: before.user, replaced: [before.session.id] });
    expect(after.session.id).not.toBe(before.session.id);
    expect(after.token.secret).not.toBe(before.token.secret);
    expect(await resumeSession(before.token, new Date())).toMatchObject({
      state: "over",
      reason: "signed_out",
    });
    expect(await resumeSession(after.token, new Date())).toMatchObject({ state: "live" });
  });

  it("RO-1: the old one's end is in the log, once", async () => {
    const before = await signedIn();
    await signedIn({ user: before.user, replaced: [before.session.id, before.session.id] });
    expect(await eventsOf(before.session.id)).toEqual(["sign_in", "sign_out signed_out"]);
  });

  it("RO-1: as somebody else ends the first one's session, too", async () => {
    const first = await signedIn();
    const second = await signedIn({ replaced: [first.session.id] });
    expect(second.user.id).not.toBe(first.user.id);
    expect(await resumeSession(first.token, new Date())).toMatchObject({ state: "over" });
  });

  it("RO-2: carries over nothing of what the session before held", async () => {
    const first = await signedIn();
    await change("UPDATE sessions SET data = ? WHERE id = ?", [
      '{"cart":[1]}',
      idBytes(first.session.id),
    ]);
    const second = await signedIn({ replaced: [first.session.id] });
    const resumed = await resumeSession(second.token, new Date());
    expect(resumed).toMatchObject({ state: "live", user: second.user });
    expect(resumed.state === "live" && resumed.session.data).toEqual({});
  });

  it("leaves the user's sessions in other browsers alone", async () => {
    const phone = await signedIn();
    const laptop = await signedIn({ user: phone.user });
    await signedIn({ user: phone.user, replaced: [laptop.session.id] });
    expect(await resumeSession(phone.token, new Date())).toMatchObject({ state: "live" });
  });

  it("an unknown id among those to be replaced harms nothing", async () => {
    const { token } = await signedIn({ replaced: ["01890000-0000-7000-8000-000000000000"] });
    expect(await resumeSession(token, new Date())).toMatchObject({ state: "live" });
  });
});

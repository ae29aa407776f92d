import { afterAll, describe, expect, it } from "vitest";
import { checkCredentials } from "@/lib/account/credentials";
import { closeHashingThreads } from "@/lib/account/hashing-threads";
import { setPassword, UnfitPassword } from "@/lib/account/set-password";
import { resumeSession } from "@/lib/session/resume";
import { PASSWORD } from "../../support/people";
import { CLIENT, eventsOf, signedIn, withoutEvents } from "../../support/signed-in";
import { rows } from "../../support/sql";

afterAll(closeHashingThreads);

const NEW = " another long enough password";
const check = (identifier: string, password: string) =>
  checkCredentials({ identifier, password }, CLIENT, new Date()).then(
    (verified) => verified?.user ?? null,
  );

describe("setPassword", () => {
  it("TE-7: ends every session of the user with reason password_changed", async () => {
    const one = await signedIn();
    const { user } = one;
    const [other, stranger] = [await signedIn({ user }), await signedIn()];
    expect(await setPassword(user, NEW, new Date())).toBe(2);
    for (const { token, session } of [one, other]) {
      expect(await resumeSession(token, new Date())).toMatchObject({ reason: "password_changed" });
      expect(await eventsOf(session.id)).toContain("session_revoked password_changed");
    }
    expect((await resumeSession(stranger.token, new Date())).state).toBe("live");
  });

  it("the new one lets in, the old one does not, and the log tells of it", async () => {
    const { user } = await signedIn();
    await setPassword(user, NEW, new Date());
    expect(await check(user.username, NEW)).toMatchObject({ id: user.id });
    expect(await check(user.username, NEW.trim())).toBeNull();
    expect(await check(user.username, PASSWORD)).toBeNull();
    const found = await rows("SELECT type FROM events WHERE user_id = ? ORDER BY id", [user.id]);
    expect(found.map(({ type }) => type)).toContain("password_changed");
  });

  it("PW-1: one that breaks a rule changes nothing", async () => {
    const { user, token } = await signedIn();
    await expect(setPassword(user, "too short", new Date())).rejects.toBeInstanceOf(UnfitPassword);
    expect(await check(user.username, PASSWORD)).toMatchObject({ id: user.id });
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });

  it("TE-12: the password, the ends and the events stand or fall together", async () => {
    const { user, token } = await signedIn();
    await withoutEvents(() => expect(setPassword(user, NEW, new Date())).rejects.toThrow());
    expect(await check(user.username, PASSWORD)).toMatchObject({ id: user.id });
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });
});

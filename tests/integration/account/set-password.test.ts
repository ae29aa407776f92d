import { afterAll, describe, expect, it } from "vitest";
import { setPassword, setTemporaryPassword } from "@/lib/auth/change-password";
import { proveByName } from "@/lib/auth/methods";
import { passwordForAnother } from "@/lib/auth/password";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { WRONG } from "@/lib/auth/throttle";
import { AuthorityLost } from "@/lib/session/authority";
import { endSessionById } from "@/lib/session/end";
import { resumeSession } from "@/lib/session/resume";
import { PASSWORD } from "@/tests/helpers/people";
import { given, unlessWrong } from "../../support/given";
import {
  byPassword,
  CLIENT,
  DEVICE,
  eventsOf,
  signedIn,
  withoutEvents,
} from "../../support/signed-in";
import { change, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const NEW = " another long enough password";
const verify = (identifier: string, password: string) =>
  unlessWrong(proveByName({ identifier, ...byPassword(password) }, CLIENT, new Date())).then(
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
    expect(await verify(user.username, NEW)).toMatchObject({ id: user.id });
    expect(await verify(user.username, NEW.trim())).toBeNull();
    expect(await verify(user.username, PASSWORD)).toBeNull();
    const found = await rows("SELECT type FROM events WHERE user_id = ? ORDER BY id", [user.id]);
    expect(found.map(({ type }) => type)).toContain("password_changed");
  });

  it("PW-1: one that breaks a rule changes nothing", async () => {
    const { user, token } = await signedIn();
    expect(await setPassword(user, "too short", new Date())).toMatchObject({
      refused: "unfit_password",
    });
    expect(await verify(user.username, PASSWORD)).toMatchObject({ id: user.id });
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });

  it("TE-12: the password, the ends and the events stand or fall together", async () => {
    const { user, token } = await signedIn();
    await withoutEvents(() => expect(setPassword(user, NEW, new Date())).rejects.toThrow());
    expect(await verify(user.username, PASSWORD)).toMatchObject({ id: user.id });
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });
});

describe("setTemporaryPassword", () => {
  const storedOf = async (id: number) =>
    (
      await rows(
        "SELECT password_hash, password_is_temporary, password_set_at FROM users WHERE id = ?",
        [id],
      )
    )[0];

  it("AU-17: is marked, with its time; the 7 days end to the millisecond", async () => {
    const [admin, { user }] = [await signedIn({ role: "admin" }), await signedIn()];
    const now = new Date();
    const made = await given(passwordForAnother());
    const { password } = made;
    await setTemporaryPassword(user.id, made, { actor: admin, device: DEVICE }, now);
    expect(await storedOf(user.id)).toMatchObject({
      password_is_temporary: 1,
      password_set_at: now,
    });
    const at = (ms: number) =>
      proveByName(
        { identifier: user.username, ...byPassword(password) },
        CLIENT,
        new Date(now.getTime() + 7 * 86_400_000 + ms),
      );
    expect(await at(-1)).toMatchObject({ user: { id: user.id, passwordIsTemporary: true } });
    expect(await at(0)).toEqual(WRONG);
  });

  it("AU-17, AZ-7: whoever lost the authority meanwhile changes nothing", async () => {
    const { user, token } = await signedIn();
    const before = await storedOf(user.id);
    const [demoted, late, out] = [
      await signedIn({ role: "admin" }),
      await signedIn({ role: "admin" }),
      await signedIn({ role: "admin" }),
    ];
    await change("UPDATE users SET role = 'staff' WHERE id = ?", [demoted.user.id]);
    await change(
      "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
      [late.user.id],
    );
    await endSessionById({ id: out.session.id, reason: "signed_out" }, new Date());
    const made = await given(passwordForAnother());
    for (const actor of [demoted, late, out])
      await expect(
        setTemporaryPassword(user.id, made, { actor, device: DEVICE }, new Date()),
      ).rejects.toBeInstanceOf(AuthorityLost);
    expect(await storedOf(user.id)).toEqual(before);
    expect((await resumeSession(token, new Date())).state).toBe("live");
  });

  it("AU-17: nobody gives one to themselves", async () => {
    const actor = await signedIn({ role: "admin" });
    const made = await given(passwordForAnother());
    expect(
      await setTemporaryPassword(actor.user.id, made, { actor, device: DEVICE }, new Date()),
    ).toEqual({ refused: "own_account" });
    expect(await verify(actor.user.username, PASSWORD)).not.toBeNull();
  });
});

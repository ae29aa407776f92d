// What the owner of an account hears by mail, whoever did it.
import { beforeEach, describe, expect, it } from "vitest";
import { changeOwnPassword, setPassword, setTemporaryPassword } from "@/lib/auth/change-password";
import { changeUser } from "@/lib/auth/change-user";
import { deviceCookieName, openDevice, sealDevice } from "@/lib/auth/known-browser";
import { proveByName } from "@/lib/auth/methods";
import { generatePassword, passwordForAnother } from "@/lib/auth/password";
import { inTransaction } from "@/lib/db/transaction";
import { findToken, issueToken } from "@/lib/mail/one-time-tokens";
import { startSession } from "@/lib/session/lifecycle";
import type { User } from "@/lib/users/user";
import { PASSWORD } from "@/tests/helpers/people";
import { given } from "../../support/given";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { aUser, byPassword, CLIENT, DEVICE, signedIn } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const FRESH = "an entirely new pass phrase";

let ana: User;
beforeEach(async () => {
  ana = await aUser();
});

const kindsTo = async (email: string) => (await mailsTo(email)).map(({ kind }) => kind);
const resetToken = async (user: User) => {
  const { id: userId, email } = user;
  const of = { purpose: "password_reset", userId, email } as const;
  return (await inTransaction((transaction) => issueToken(transaction, of, new Date()))).value;
};
const isGood = async (token: string) =>
  (await findToken("password_reset", token, new Date())) !== null;

describe("AU-9: a sign-in", () => {
  /** As the sign-in page does, with what the browser's cookie proves. */
  async function signIn(known = CLIENT.known as Awaited<ReturnType<typeof openDevice>>) {
    const claim = { identifier: ana.username, ...byPassword(PASSWORD) };
    const proven = await given(proveByName(claim, { ...CLIENT, known }, new Date()));
    const signIn = { ...proven, persistent: false, device: DEVICE, replaced: [] };
    return given(startSession(signIn, new Date()));
  }
  async function marked() {
    const value = await sealDevice(null, ana.id, new Date());
    return openDevice(`${deviceCookieName()}=${value}`);
  }

  it("AU-9: is told from a browser that the account does not know, with what undoes it", async () => {
    await signIn();
    expect(await mailsTo(ana.email)).toEqual([]);
    const { session } = await signIn();
    const [mail, ...more] = await mailsTo(ana.email);
    expect([mail?.kind, more]).toEqual(["new_device", []]);
    expect(mail?.text).toContain(DEVICE.ipAddress);
    const token = await mailedTokenTo(ana.email, "new_device");
    const good = await findToken("not_me", token, new Date());
    expect(good).toMatchObject({ userId: ana.id, sessionId: session.id });
    const [event] = await rows("SELECT * FROM events WHERE type = 'new_device' AND user_id = ?", [
      ana.id,
    ]);
    expect(event).toMatchObject({ ip_address: DEVICE.ipAddress });
  });

  it("AU-9: is not told from a browser that it knows, until that is forgotten", async () => {
    await signIn();
    const known = await marked();
    await signIn(known);
    expect(await mailsTo(ana.email)).toEqual([]);
    const later = new Date(Date.now() + 1000);
    await change("UPDATE users SET known_browsers_since = ? WHERE id = ?", [later, ana.id]);
    await signIn(known);
    expect(await kindsTo(ana.email)).toEqual(["new_device"]);
  });

  it("AU-9: tells nobody where no mail leaves, and makes no link, and the log has it", async () => {
    await signIn();
    const settings = { APP_URL: "https://app.example.com", HOST: "0.0.0.0" };
    const lifecycle = await underSettings(
      settings,
      async () => await import("@/lib/session/lifecycle"),
    );
    const user = { ...ana, lastSignInAt: new Date() };
    const signedIn = { user, methods: ["password"], persistent: false, device: DEVICE } as const;
    await lifecycle.startSession({ ...signedIn, isNewBrowser: true, replaced: [] }, new Date());
    expect(await number("SELECT COUNT(*) FROM outbox WHERE user_id = ?", [ana.id])).toBe(0);
    const links = "SELECT COUNT(*) FROM one_time_tokens WHERE user_id = ?";
    expect(await number(links, [ana.id])).toBe(0);
    const events = "SELECT COUNT(*) FROM events WHERE type = 'new_device' AND user_id = ?";
    expect(await number(events, [ana.id])).toBe(1);
  });

  it("keeps an account that its owner had closed", async () => {
    await change("UPDATE users SET erase_at = ? WHERE id = ?", [new Date(), ana.id]);
    const { session } = await signIn();
    const [row] = await rows("SELECT erase_at FROM users WHERE id = ?", [ana.id]);
    expect(row?.erase_at).toBeNull();
    const [kept] = await rows(
      "SELECT * FROM events WHERE type = 'user_updated' AND user_id = ? AND session_id IS NOT NULL",
      [ana.id],
    );
    expect(kept).toMatchObject({ ip_address: session.ipAddress });
  });
});

describe("RS-1, AU-9: another password ends open links, and is told", () => {
  it("RS-1, AU-9: one's own", async () => {
    const it = await signedIn({ user: ana });
    const token = await resetToken(ana);
    const proof = { ...it, given: byPassword(PASSWORD), client: CLIENT };
    await given(changeOwnPassword(proof, FRESH, new Date()));
    expect(await isGood(token)).toBe(false);
    const [mail] = await mailsTo(ana.email);
    expect(mail?.kind).toBe("password_changed");
    expect(mail?.text).toContain(DEVICE.ipAddress);
  });

  it("RS-1, AU-9: by an administrator, of whose device it tells nothing", async () => {
    const actor = await signedIn({ role: "admin" });
    const token = await resetToken(ana);
    const made = await given(passwordForAnother());
    const by = { actor, device: DEVICE };
    expect(await setTemporaryPassword(ana.id, made, by, new Date())).toBeNull();
    expect(await isGood(token)).toBe(false);
    const [mail] = await mailsTo(ana.email);
    expect(mail?.kind).toBe("password_changed");
    expect(mail?.text).not.toContain(DEVICE.ipAddress);
  });

  it("RS-1, AU-9: by the command line", async () => {
    const token = await resetToken(ana);
    await given(setPassword(ana, generatePassword(), new Date()));
    expect(await isGood(token)).toBe(false);
    expect(await kindsTo(ana.email)).toEqual(["password_changed"]);
  });
});

describe("what an administrator changes", () => {
  it("RS-1, AU-9: another address counts at once, ends open links, and both are told", async () => {
    const actor = await signedIn({ role: "admin" });
    const token = await resetToken(ana);
    await change("UPDATE users SET email_verified_at = NULL WHERE id = ?", [ana.id]);
    const now = new Date();
    const email = `new-${ana.email}`;
    await changeUser({ userId: ana.id, actor, device: DEVICE }, { email }, now);
    const [row] = await rows("SELECT email, email_verified_at FROM users WHERE id = ?", [ana.id]);
    expect(row).toEqual({ email, email_verified_at: now });
    expect(await isGood(token)).toBe(false);
    for (const address of [ana.email, email])
      expect(await mailsTo(address)).toMatchObject([
        { kind: "email_replaced", text: expect.stringContaining(email), token: "" },
      ]);
  });

  it("AU-9: another role is told, and another name is not", async () => {
    const change = { userId: ana.id };
    await changeUser(change, { name: "Renamed" }, new Date());
    expect(await mailsTo(ana.email)).toEqual([]);
    await changeUser(change, { role: "staff" }, new Date());
    expect(await mailsTo(ana.email)).toMatchObject([
      { kind: "role_changed", text: expect.stringContaining("Role: Staff") },
    ]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import {
  requestPasswordReset,
  resetPassword,
  userOfResetLink,
} from "@/lib/accounts/forgotten-password";
import { proveByName } from "@/lib/auth/methods";
import { isRefused } from "@/lib/refused";
import { userById } from "@/lib/users/find";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { closeAccount } from "../../support/people";
import { byPassword, rowOf, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

const FRESH = "an entirely new pass phrase";
const later = (seconds: number) => new Date(Date.now() + seconds * 1000);

let ana: TestUser;
beforeEach(async () => {
  ana = await newUser();
});

const ask = (identifier: string, now = new Date()) =>
  requestPasswordReset(identifier, newDevice(), now);
const resetMails = async ({ email }: TestUser) =>
  (await mailsTo(email)).filter(({ kind }) => kind === "password_reset");

async function userOf({ id }: TestUser) {
  const user = await userById(id);
  if (!user) throw new Error("the user is gone");
  return user;
}

describe("asking for a link", () => {
  it("mails one to the stored address, by user name or by address, whatever the letter case", async () => {
    await ask(ana.username.toUpperCase());
    expect(await resetMails(ana)).toHaveLength(1);
    await ask(ana.email.toUpperCase());
    expect(await resetMails(ana)).toHaveLength(2);
  });

  it("RS-4: mails nothing to an address that only looks like a stored one", async () => {
    const typed = ana.email.replace("example.com", "ехample.com");
    await ask(typed);
    expect(await mailsTo(typed)).toEqual([]);
    expect(await resetMails(ana)).toEqual([]);
  });

  it("AU-2: for unknown, disabled and unconfirmed accounts it does nothing, and says the same", async () => {
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.id]);
    expect(await ask(ana.username)).toBeUndefined();
    const eve = await newUser();
    await change("UPDATE users SET email_verified_at = NULL WHERE id = ?", [eve.id]);
    expect(await ask(eve.username)).toBeUndefined();
    expect(await ask("nobody-of-that-name")).toBeUndefined();
    expect([...(await resetMails(ana)), ...(await resetMails(eve))]).toEqual([]);
  });

  it("an account gets three in 15 minutes, of many at once exactly three, and no link ends by more", async () => {
    await Promise.all(Array.from({ length: 8 }, () => ask(ana.username)));
    expect(await resetMails(ana)).toHaveLength(3);
    await ask(ana.username);
    const mails = await resetMails(ana);
    expect(mails).toHaveLength(3);
    const now = new Date();
    const owners = await Promise.all(mails.map(({ token }) => userOfResetLink(token, now)));
    expect(owners.filter((owner) => owner?.id === ana.id)).toHaveLength(1);
    await ask(ana.username, later(901));
    expect(await resetMails(ana)).toHaveLength(4);
  });

  it("a network gets a hundred in 15 minutes", async () => {
    const device = newDevice();
    await requestPasswordReset("nobody", device, new Date());
    await change(
      "UPDATE throttle SET points = 99 WHERE `key` LIKE 'mail-address:%' AND points = 1",
    );
    await requestPasswordReset("nobody", device, new Date());
    await requestPasswordReset(ana.username, device, new Date());
    expect(await resetMails(ana)).toEqual([]);
    await ask(ana.username);
    expect(await resetMails(ana)).toHaveLength(1);
  });
});

describe("setting a new password", () => {
  const reset = (token: string, newPassword = FRESH, now = new Date()) =>
    resetPassword({ token, newPassword }, newDevice(), now);
  const linked = async () => {
    await ask(ana.username);
    return mailedTokenTo(ana.email, "password_reset");
  };
  const fits = async (password: string) => {
    const client = { device: newDevice(), known: null };
    const claim = { identifier: ana.username, ...byPassword(password) };
    const found = await proveByName(claim, client, new Date());
    return !isRefused(found);
  };

  it("RS-1: works once, of 20 at once, and the old password opens nothing any more", async () => {
    const token = await linked();
    const tries = await Promise.all(Array.from({ length: 20 }, () => reset(token)));
    expect(tries.filter((each) => !isRefused(each))).toHaveLength(1);
    expect(await fits(PASSWORD)).toBe(false);
    expect(await fits(FRESH)).toBe(true);
    expect(await reset(token)).toEqual({ refused: "link_over" });
  });

  it("ends every session with its reason, forgets known browsers, and tells the owner", async () => {
    const { session } = await signedIn({ user: await userOf(ana) });
    const token = await linked();
    const now = new Date();
    await reset(token, FRESH, now);
    expect(await rowOf(session.id)).toMatchObject({
      end_reason: "password_reset",
      secret_hash: null,
    });
    const [row] = await rows("SELECT known_browsers_since FROM users WHERE id = ?", [ana.id]);
    expect(row?.known_browsers_since).toEqual(now);
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toContain("password_was_reset");
  });

  it("a refused password spends no link", async () => {
    const token = await linked();
    expect(await reset(token, "short")).toMatchObject({ refused: "unfit_password" });
    expect(await reset(token, ana.username.repeat(3))).toMatchObject({ refused: "unfit_password" });
    expect(isRefused(await reset(token))).toBe(false);
  });

  it("RS-1: 20 minutes, and not after a disabling", async () => {
    const token = await linked();
    expect(await reset(token, FRESH, later(1201))).toEqual({ refused: "link_over" });
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.id]);
    expect(await reset(token)).toEqual({ refused: "link_over" });
    expect(await userOfResetLink(token, new Date())).toBeNull();
  });

  it("RS-3: what is no token of this kind is none", async () => {
    for (const token of ["", "x", "A".repeat(22), "A".repeat(100_000)])
      expect(await reset(token)).toEqual({ refused: "link_over" });
  });

  it("opens an account that wrong passwords had closed", async () => {
    await closeAccount(ana);
    expect(await fits(PASSWORD)).toBe(false);
    await reset(await linked());
    expect(await fits(FRESH)).toBe(true);
  });
});

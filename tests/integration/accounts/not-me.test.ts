import { beforeEach, describe, expect, it } from "vitest";
import { closeOwnAccount } from "@/lib/accounts/close-account";
import { verifyEmail } from "@/lib/accounts/email-address";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { takeEmailBack } from "@/lib/accounts/former-address";
import { reportOwnSession, reportSession } from "@/lib/accounts/not-me";
import { proveByName } from "@/lib/auth/methods";
import type { TokenPurpose } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import type { User } from "@/lib/users/user";
import { PASSWORD } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { aUser, byPassword, DEVICE, rowOf, type SignedIn, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

const FRESH = "an entirely new pass phrase";

let ana: User;
let mine: SignedIn;
let theirs: SignedIn;
beforeEach(async () => {
  ana = await aUser();
  mine = await signedIn({ user: ana });
  theirs = await signedIn({ user: ana });
});

async function linkFor(purpose: TokenPurpose, email = ana.email): Promise<string> {
  const of = { purpose, userId: ana.id, email, sessionId: theirs.session.id };
  return (await inTransaction((transaction) => issueToken(transaction, of, new Date()))).value;
}

async function emailNow(): Promise<unknown> {
  return (await rows("SELECT email FROM users WHERE id = ?", [ana.id]))[0]?.email;
}

async function fits(password: string): Promise<boolean> {
  const client = { device: newDevice(), known: null };
  const claim = { identifier: ana.username, ...byPassword(password) };
  return !isRefused(await proveByName(claim, client, new Date()));
}

describe("this was not me", () => {
  it("AU-9: ends that session and all others, and the password opens nothing until a new one is set", async () => {
    const token = await linkFor("not_me");
    const now = new Date();
    expect(isRefused(await reportSession(token, DEVICE, now))).toBe(false);
    for (const { session } of [mine, theirs])
      expect(await rowOf(session.id)).toMatchObject({ end_reason: "reported", secret_hash: null });
    expect(await fits(PASSWORD)).toBe(false);
    const [row] = await rows("SELECT known_browsers_since FROM users WHERE id = ?", [ana.id]);
    expect(row?.known_browsers_since).toEqual(now);
    const [reported] = await rows(
      "SELECT * FROM events WHERE type = 'session_reported' AND user_id = ?",
      [ana.id],
    );
    expect(reported).toMatchObject({ ip_address: DEVICE.ipAddress });
    const reset = await mailedTokenTo(ana.email, "password_reset");
    await resetPassword({ token: reset, newPassword: FRESH }, DEVICE, new Date());
    expect(await fits(FRESH)).toBe(true);
  });

  it("AU-9: works once, for 7 days", async () => {
    const token = await linkFor("not_me");
    const [justIn, over] = [7 * 86_400 - 60, 7 * 86_400 + 60].map(
      (seconds) => new Date(Date.now() + seconds * 1000),
    );
    expect(await reportSession(token, DEVICE, over as Date)).toEqual({ refused: "link_over" });
    expect(isRefused(await reportSession(token, DEVICE, justIn as Date))).toBe(false);
    expect(await reportSession(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
  });

  it("RS-1: ends the link by which whoever was in would have taken the address", async () => {
    const thiefs = await linkFor("email_verification", `thief-${ana.email}`);
    await reportSession(await linkFor("not_me"), DEVICE, new Date());
    expect(await verifyEmail(thiefs, DEVICE, new Date())).toEqual({ refused: "link_over" });
    const [row] = await rows("SELECT email FROM users WHERE id = ?", [ana.id]);
    expect(row?.email).toBe(ana.email);
  });

  it("RS-1: its link outlives a password change, a newer link and another address", async () => {
    const token = await linkFor("not_me");
    await linkFor("not_me");
    const elsewhere = `new-${ana.email}`;
    await verifyEmail(await linkFor("email_verification", elsewhere), DEVICE, new Date());
    expect(isRefused(await reportSession(token, DEVICE, new Date()))).toBe(false);
  });

  it("AU-9: gives the address back that whoever was in has changed, and mails the new link there", async () => {
    const token = await linkFor("not_me");
    const thiefs = `thief-${ana.email}`;
    await verifyEmail(await linkFor("email_verification", thiefs), DEVICE, new Date());
    expect(isRefused(await reportSession(token, DEVICE, new Date()))).toBe(false);
    const [row] = await rows("SELECT email FROM users WHERE id = ?", [ana.id]);
    expect(row?.email).toBe(ana.email);
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toContain("password_reset");
    expect((await mailsTo(thiefs)).map(({ kind }) => kind)).not.toContain("password_reset");
  });

  it("AU-9: gives none back that an administrator changed", async () => {
    const token = await linkFor("not_me");
    const next = `next-${ana.email}`;
    await change("UPDATE users SET email = ? WHERE id = ?", [next, ana.id]);
    expect(isRefused(await reportSession(token, DEVICE, new Date()))).toBe(false);
    const [row] = await rows("SELECT email FROM users WHERE id = ?", [ana.id]);
    expect(row?.email).toBe(next);
    expect((await mailsTo(next)).map(({ kind }) => kind)).toEqual(["password_reset"]);
  });

  it("AU-9: who is signed in says so with a fresh proof, and is signed out with the others", async () => {
    await reportOwnSession(mine, theirs.session.id, DEVICE, new Date());
    expect(await rowOf(mine.session.id)).toMatchObject({ end_reason: "reported" });
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toEqual(["password_reset"]);
  });

  it("AU-9: who is signed in gets the address back that the account had when the other came in", async () => {
    const thiefs = `thief-${ana.email}`;
    await verifyEmail(await linkFor("email_verification", thiefs), DEVICE, new Date());
    await reportOwnSession(mine, theirs.session.id, DEVICE, new Date());
    expect(await emailNow()).toBe(ana.email);
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toContain("password_reset");
    expect((await mailsTo(thiefs)).map(({ kind }) => kind)).not.toContain("password_reset");
  });

  it("AU-9: an address that its owner changed before the other came in stays", async () => {
    const mended = `mended-${ana.email}`;
    await verifyEmail(await linkFor("email_verification", mended), DEVICE, new Date());
    const late = "created_at = created_at + INTERVAL 1 MINUTE";
    await change(`UPDATE sessions SET ${late} WHERE id = UNHEX(?)`, [
      theirs.session.id.replaceAll("-", ""),
    ]);
    await reportOwnSession(mine, theirs.session.id, DEVICE, new Date());
    expect(await emailNow()).toBe(mended);
  });

  it.each([
    ["not me", () => linkFor("not_me").then((link) => reportSession(link, DEVICE, new Date()))],
    [
      "a mailed reset",
      async () => {
        const token = await linkFor("password_reset");
        return resetPassword({ token, newPassword: FRESH }, DEVICE, new Date());
      },
    ],
  ])("LG-5: whoever was in and closed the account does not have it erased: %s", async (_, act) => {
    await closeOwnAccount(theirs, DEVICE, new Date());
    expect(isRefused(await act())).toBe(false);
    const [row] = await rows("SELECT erase_at FROM users WHERE id = ?", [ana.id]);
    expect(row?.erase_at).toBeNull();
  });

  it("TE-13: without a fresh proof nothing happens", async () => {
    await change(
      "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
      [ana.id],
    );
    await expect(
      reportOwnSession(mine, theirs.session.id, DEVICE, new Date()),
    ).rejects.toMatchObject({ name: "AuthorityLost" });
    expect(await rowOf(theirs.session.id)).toMatchObject({ ended_at: null });
    expect(await fits(PASSWORD)).toBe(true);
  });

  it("does nothing for a disabled account", async () => {
    const token = await linkFor("not_me");
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.id]);
    expect(await reportSession(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
  });
});

describe("taking an address back", () => {
  const elsewhere = () => `new-${ana.email}`;
  async function changed(): Promise<string> {
    await verifyEmail(await linkFor("email_verification", elsewhere()), DEVICE, new Date());
    return mailedTokenTo(ana.email, "email_changed");
  }

  it("AU-9: the former address is told of another one, and gives it back, with all sessions ended", async () => {
    const token = await changed();
    expect(isRefused(await takeEmailBack(token, DEVICE, new Date()))).toBe(false);
    const [row] = await rows("SELECT email, email_verified_at FROM users WHERE id = ?", [ana.id]);
    expect(row).toEqual({ email: ana.email, email_verified_at: expect.any(Date) });
    expect(await rowOf(theirs.session.id)).toMatchObject({ end_reason: "reported" });
    expect(await fits(PASSWORD)).toBe(false);
    expect((await mailsTo(ana.email))[0]?.kind).toBe("password_reset");
  });

  it.each(["the first link", "not me"])(
    "AU-9: %s gives the first address back for good: what went to those in between opens nothing",
    async (way) => {
      const notMe = await linkFor("not_me");
      const first = await changed();
      const second = `second-${ana.email}`;
      await verifyEmail(await linkFor("email_verification", second), DEVICE, new Date());
      const later = await mailedTokenTo(elsewhere(), "email_changed");
      const thiefsNotMe = await linkFor("not_me", elsewhere());
      await (way === "not me"
        ? reportSession(notMe, DEVICE, new Date())
        : takeEmailBack(first, DEVICE, new Date()));
      expect(await emailNow()).toBe(ana.email);
      expect(await takeEmailBack(later, DEVICE, new Date())).toEqual({ refused: "link_over" });
      expect(await reportSession(thiefsNotMe, DEVICE, new Date())).toEqual({
        refused: "link_over",
      });
      expect(await emailNow()).toBe(ana.email);
    },
  );

  it("AU-9: by one of those in between the first one's way back is not ended", async () => {
    const first = await changed();
    await change("UPDATE one_time_tokens SET created_at = created_at - INTERVAL 1 MINUTE");
    const second = `second-${ana.email}`;
    await verifyEmail(await linkFor("email_verification", second), DEVICE, new Date());
    const later = await mailedTokenTo(elsewhere(), "email_changed");
    expect(isRefused(await takeEmailBack(later, DEVICE, new Date()))).toBe(false);
    expect(isRefused(await takeEmailBack(first, DEVICE, new Date()))).toBe(false);
    expect(await emailNow()).toBe(ana.email);
  });

  it("AU-9: not after 7 days, and not twice", async () => {
    const token = await changed();
    const over = new Date(Date.now() + 7 * 86_400_000 + 1000);
    expect(await takeEmailBack(token, DEVICE, over)).toEqual({ refused: "link_over" });
    await takeEmailBack(token, DEVICE, new Date());
    expect(await takeEmailBack(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
  });

  it("AU-9: not where somebody else has the address since", async () => {
    const token = await changed();
    const eve = await aUser();
    await change("UPDATE users SET email = ? WHERE id = ?", [ana.email, eve.id]);
    expect(await takeEmailBack(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
    const [row] = await rows("SELECT email FROM users WHERE id = ?", [ana.id]);
    expect(row?.email).toBe(elsewhere());
  });
});

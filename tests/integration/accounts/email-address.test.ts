import { beforeEach, expect, it } from "vitest";
import { requestEmailChange, verifyEmail } from "@/lib/accounts/email-address";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { inTransaction } from "@/lib/db/transaction";
import { findToken, issueToken } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { aUser, DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

let ana: SignedIn;
let elsewhere: string;
beforeEach(async () => {
  ana = await signedIn();
  elsewhere = `new-${ana.user.email}`;
});

const emailOf = async ({ user }: SignedIn) =>
  (await rows("SELECT email FROM users WHERE id = ?", [user.id]))[0]?.email;
const requested = async (email = elsewhere) => {
  await requestEmailChange(ana, email, new Date());
  return mailedTokenTo(email, "email_verification");
};

it("AU-9: another address counts once its owner has confirmed it, and the former one is told", async () => {
  const token = await requested();
  expect(await emailOf(ana)).toBe(ana.user.email);
  expect(await mailsTo(ana.user.email)).toEqual([]);
  expect(isRefused(await verifyEmail(token, DEVICE, new Date()))).toBe(false);
  expect(await emailOf(ana)).toBe(elsewhere);
  expect(await mailsTo(ana.user.email)).toMatchObject([
    { kind: "email_changed", text: expect.stringContaining(elsewhere) },
  ]);
  const [event] = await rows("SELECT * FROM events WHERE type = 'email_changed' AND user_id = ?", [
    ana.user.id,
  ]);
  expect(event).toMatchObject({ ip_address: DEVICE.ipAddress });
});

it("RS-1: a confirmed address ends a reset link that went to the former one", async () => {
  const { id: userId, email } = ana.user;
  const of = { purpose: "password_reset", userId, email } as const;
  const reset = await inTransaction((transaction) => issueToken(transaction, of, new Date()));
  await verifyEmail(await requested(), DEVICE, new Date());
  const byOld = { token: reset.value, newPassword: "an entirely new pass phrase" };
  expect(await resetPassword(byOld, DEVICE, new Date())).toEqual({ refused: "link_over" });
});

it("RS-1: its link works once, for 24 hours, and ends with a newer one", async () => {
  const first = await requested();
  const second = await requested();
  expect(await verifyEmail(first, DEVICE, new Date())).toEqual({ refused: "link_over" });
  const now = Date.now();
  const good = async (after: number) =>
    (await findToken("email_verification", second, new Date(now + after))) !== null;
  expect([await good(86_399_000), await good(86_401_000)]).toEqual([true, false]);
  expect(isRefused(await verifyEmail(second, DEVICE, new Date()))).toBe(false);
  expect(await verifyEmail(second, DEVICE, new Date())).toEqual({ refused: "link_over" });
});

it("AU-2: an address that somebody has is answered the same; its owner is told, and nothing changes", async () => {
  const eve = await aUser();
  expect(await requestEmailChange(ana, eve.email.toUpperCase(), new Date())).toBeNull();
  expect(await mailsTo(eve.email)).toMatchObject([{ kind: "sign_up_known", token: "" }]);
  expect(await emailOf(ana)).toBe(ana.user.email);
});

it("AU-2: one that became somebody's before it was confirmed is not taken", async () => {
  const token = await requested();
  const eve = await aUser();
  await change("UPDATE users SET email = ? WHERE id = ?", [elsewhere, eve.id]);
  expect(await verifyEmail(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
  expect(await emailOf(ana)).toBe(ana.user.email);
});

it("AU-9: a sign-up that nobody confirmed keeps no address from who can read its mail", async () => {
  const squatter = await aUser();
  await change("UPDATE users SET email = ?, email_verified_at = NULL WHERE id = ?", [
    elsewhere,
    squatter.id,
  ]);
  expect(isRefused(await verifyEmail(await requested(), DEVICE, new Date()))).toBe(false);
  expect(await emailOf(ana)).toBe(elsewhere);
  expect(await rows("SELECT id FROM users WHERE id = ?", [squatter.id])).toEqual([]);
});

it("AU-2: an account has three such mails sent in 15 minutes, also of many at once", async () => {
  const earlier = new Date(Date.now() - 901_000);
  const ask = () => requestEmailChange(ana, elsewhere, earlier);
  const asked = await Promise.all(Array.from({ length: 10 }, ask));
  expect(asked.filter((no) => no === null)).toHaveLength(3);
  expect(await mailsTo(elsewhere)).toHaveLength(3);
  expect(await requestEmailChange(ana, elsewhere, new Date())).toBeNull();
});

it("TE-13: nothing is mailed without a fresh proof", async () => {
  await change(
    "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
    [ana.user.id],
  );
  await expect(requestEmailChange(ana, elsewhere, new Date())).rejects.toMatchObject({
    name: "AuthorityLost",
  });
  expect(await mailsTo(elsewhere)).toEqual([]);
});

it("does nothing for an account that is disabled meanwhile", async () => {
  const token = await requested();
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.user.id]);
  expect(await verifyEmail(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
});

it.each([
  ["revoked", false],
  ["revoked_by_admin", false],
  ["reported", false],
  ["factor_changed", false],
  ["signed_out", true],
  ["idle", true],
  ["absolute", true],
  ["limit", true],
])(
  "AU-9: a change that a session asked for which is %s since: it counts, %s",
  async (reason, counts) => {
    const token = await requested();
    await change(
      "UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), end_reason = ?, secret_hash = NULL WHERE id = UNHEX(?)",
      [reason, ana.session.id.replaceAll("-", "")],
    );
    expect(isRefused(await verifyEmail(token, DEVICE, new Date()))).toBe(!counts);
    expect(await emailOf(ana)).toBe(counts ? elsewhere : ana.user.email);
  },
);

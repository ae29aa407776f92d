// What somebody who was in has added to an account must not keep its owner out, nor let them in again.
import { randomBytes } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { addTotp, renewRecoveryCodes } from "@/lib/accounts/change-factors";
import { addPasskey } from "@/lib/accounts/change-passkeys";
import { verifyEmail } from "@/lib/accounts/email-address";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { takeEmailBack } from "@/lib/accounts/former-address";
import { reportSession } from "@/lib/accounts/not-me";
import { proveByName, proveByPasskey } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import type { TokenPurpose } from "@/lib/db/mail-schema";
import { inTransaction } from "@/lib/db/transaction";
import { factorsOf } from "@/lib/factors/factors";
import { newTotpSecret } from "@/lib/factors/totp";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { userById } from "@/lib/users/find";
import type { User } from "@/lib/users/user";
import { type SoftPasskey, softPasskey } from "../../support/authenticator";
import { newDevice } from "../../support/devices";
import { codeOf, giveApp } from "../../support/factors";
import { given } from "../../support/given";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import {
  aUser,
  byPassword,
  CLIENT,
  DEVICE,
  type SignedIn,
  signedIn,
  withToken,
} from "../../support/signed-in";
import { change } from "../../support/sql";

afterAll(closeHashingThreads);

const FRESH = "an entirely new pass phrase";
const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);
const aChallenge = () => randomBytes(32).toString("base64url");
const owner = (it: SignedIn) => ({ ...it, client: CLIENT });

let ana: User;
let thief: SignedIn;
let key: SoftPasskey;
beforeEach(async () => {
  ana = await aUser();
  key = softPasskey();
});

async function comes(minutesAgo: number): Promise<SignedIn> {
  const user = await userById(ana.id);
  return signedIn({ user: user ?? ana, now: ago(minutesAgo) });
}

async function thiefComes() {
  thief = await comes(5);
}

async function addKey(it: SignedIn): Promise<SignedIn> {
  const challenge = aChallenge();
  const made = { made: key.made(challenge), challenge, name: "A key" };
  return withToken(it, (await given(addPasskey(owner(it), made, new Date()))).token);
}

async function addApp(it: SignedIn): Promise<SignedIn> {
  const secret = newTotpSecret();
  const set = { secret, code: codeOf(secret) };
  return withToken(it, (await given(addTotp(owner(it), set, new Date()))).token);
}

async function link(purpose: TokenPurpose, sessionId: string, email = ana.email) {
  const of = { purpose, userId: ana.id, email, sessionId };
  return (await inTransaction((transaction) => issueToken(transaction, of, new Date()))).value;
}

async function report(it = thief) {
  await given(reportSession(await link("not_me", it.session.id), DEVICE, new Date()));
}

async function setNewPassword() {
  const token = await mailedTokenTo(ana.email, "password_reset");
  await given(resetPassword({ token, newPassword: FRESH }, DEVICE, new Date()));
}

async function byKey() {
  const client = { device: newDevice(), known: null };
  const challenge = aChallenge();
  const signed = { assertion: key.signed(challenge), challenge };
  return !isRefused(await proveByPasskey(signed, null, client, new Date()));
}

async function byNewPassword() {
  const client = { device: newDevice(), known: null };
  const claim = { identifier: ana.username, ...byPassword(FRESH) };
  const proven = await proveByName(claim, client, new Date());
  return isRefused(proven) ? proven.refused : "signed in";
}

describe("a session that was not its owner's", () => {
  it("AU-9: takes along the passkey and the app that it has added", async () => {
    await thiefComes();
    await addApp(await addKey(thief));
    expect(await byKey()).toBe(true);
    await report();
    expect(await byKey()).toBe(false);
    await setNewPassword();
    expect(await byKey()).toBe(false);
    expect(await byNewPassword()).toBe("signed in");
    const left = { totpSince: null, passkeys: 0, recoveryCodes: 0 };
    expect(await factorsOf(ana.id)).toMatchObject(left);
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toContain("factor_removed");
  });

  it("AU-9: takes along what a later session has added from there", async () => {
    await thiefComes();
    await addKey(await comes(2));
    await report();
    await setNewPassword();
    expect(await byKey()).toBe(false);
  });

  it("AU-9: leaves what was there before, and no recovery codes made since", async () => {
    const app = await giveApp(ana);
    await change("UPDATE totp_factors SET created_at = ? WHERE user_id = ?", [ago(60), ana.id]);
    await change("UPDATE recovery_codes SET created_at = ? WHERE user_id = ?", [ago(60), ana.id]);
    await thiefComes();
    const { token } = await given(renewRecoveryCodes(owner(thief), app.code(), new Date()));
    await addKey(withToken(thief, token));
    await report();
    await setNewPassword();
    expect(await byKey()).toBe(false);
    expect(await byNewPassword()).toBe("more_needed");
    expect(await factorsOf(ana.id)).toMatchObject({ passkeys: 0, recoveryCodes: 0 });
  });

  it("AU-9: leaves what a session has added that began before", async () => {
    const mine = await comes(10);
    await thiefComes();
    await addKey(mine);
    await report();
    await setNewPassword();
    expect(await byKey()).toBe(true);
  });

  it("AU-9: no passkey signs in until a new password is set", async () => {
    await addKey(await comes(10));
    await thiefComes();
    await report();
    expect(await byKey()).toBe(false);
    await setNewPassword();
    expect(await byKey()).toBe(true);
  });

  it("AU-9: who takes the address back is rid of it, too", async () => {
    await thiefComes();
    const thiefs = `thief-${ana.email}`;
    const inside = await addKey(thief);
    await given(
      verifyEmail(await link("email_verification", inside.session.id, thiefs), DEVICE, new Date()),
    );
    const token = await mailedTokenTo(ana.email, "email_changed");
    await given(takeEmailBack(token, DEVICE, new Date()));
    await setNewPassword();
    expect(await byKey()).toBe(false);
    expect(await byNewPassword()).toBe("signed in");
  });

  it("AU-9: who takes the address back is rid of what came by an earlier sign-in that was told", async () => {
    await thiefComes();
    await link("not_me", thief.session.id);
    await addKey(thief);
    const later = await comes(1);
    const wanted = await link("email_verification", later.session.id, `thief-${ana.email}`);
    await given(verifyEmail(wanted, DEVICE, new Date()));
    const token = await mailedTokenTo(ana.email, "email_changed");
    await given(takeEmailBack(token, DEVICE, new Date()));
    await setNewPassword();
    expect(await byKey()).toBe(false);
  });
});

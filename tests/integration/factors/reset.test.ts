import { afterAll, beforeEach, describe, expect, it } from "vitest";
import {
  keepFactors,
  resetFactorsBy,
  resetFactorsLater,
  resetFactorsNow,
} from "@/lib/accounts/reset-factors";
import { proveByCode, proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { factorsOf } from "@/lib/factors/factors";
import { isRefused } from "@/lib/refused";
import { startSession } from "@/lib/session/lifecycle";
import type { User } from "@/lib/users/user";
import { PASSWORD } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { type App, giveApp } from "../../support/factors";
import { given } from "../../support/given";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { aUser, byPassword, DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const DAY_MS = 86_400_000;

let ana: User;
let app: App;
let admin: SignedIn;
beforeEach(async () => {
  ana = await aUser();
  app = await giveApp(ana);
  admin = await signedIn({ role: "admin" });
  await giveApp(admin.user);
  await provedBy(admin, '["password","totp"]');
});

const provedBy = ({ session }: SignedIn, methods: string) =>
  change("UPDATE sessions SET method_list = ? WHERE id = UNHEX(?)", [
    methods,
    session.id.replaceAll("-", ""),
  ]);
const by = () => ({ actor: admin, device: DEVICE });
const later = (ms: number) => new Date(Date.now() + ms);

async function firstStep(now: Date) {
  const client = { device: newDevice(), known: null };
  const claim = { identifier: ana.username, ...byPassword(PASSWORD) };
  const proven = await proveByName(claim, client, now);
  return { proven, client };
}

async function isAskedForCode(now: Date): Promise<boolean> {
  const { proven } = await firstStep(now);
  if (!isRefused(proven)) return false;
  if (proven.refused !== "more_needed") throw new Error(proven.refused);
  return true;
}

describe("an administrator's reset of somebody's factors", () => {
  it("MF-26: takes effect at the first right password after 24 hours, and the owner is told before and after", async () => {
    const now = new Date();
    const { at } = await given(resetFactorsBy(ana.id, by(), now));
    expect(at).toEqual(new Date(now.getTime() + DAY_MS));
    expect((await mailsTo(ana.email))[0]).toMatchObject({ kind: "factors_resetting" });
    expect(await isAskedForCode(later(DAY_MS - 60_000))).toBe(true);
    expect(await isAskedForCode(later(DAY_MS + 60_000))).toBe(false);
    expect(await factorsOf(ana.id)).toMatchObject({
      totpSince: null,
      recoveryCodes: 0,
      resetAt: null,
    });
    expect((await mailsTo(ana.email))[0]).toMatchObject({ kind: "factors_were_reset" });
    const [event] = await rows(
      "SELECT * FROM events WHERE type = 'factors_reset' AND user_id = ?",
      [ana.id],
    );
    expect(event).toBeDefined();
  });

  it("MF-26: is stopped by the mail's link, once", async () => {
    await resetFactorsBy(ana.id, by(), new Date());
    const token = await mailedTokenTo(ana.email, "factors_resetting");
    expect(isRefused(await keepFactors(token, DEVICE, new Date()))).toBe(false);
    expect(await isAskedForCode(later(DAY_MS + 60_000))).toBe(true);
    expect(await keepFactors(token, DEVICE, new Date())).toEqual({ refused: "link_over" });
  });

  it("MF-26: is stopped by a whole sign-in with a factor, and by no password alone", async () => {
    await resetFactorsBy(ana.id, by(), new Date());
    const { proven, client } = await firstStep(new Date());
    expect(await factorsOf(ana.id)).toMatchObject({ resetAt: expect.any(Date) });
    if (!isRefused(proven) || proven.refused !== "more_needed")
      throw new Error("no code asked for");
    const whole = await given(proveByCode(proven.step, app.code(), client, new Date()));
    const start = { ...whole, persistent: false, device: client.device, replaced: [] };
    await given(startSession(start, new Date()));
    expect(await factorsOf(ana.id)).toMatchObject({ resetAt: null });
    expect(await isAskedForCode(later(DAY_MS + 60_000))).toBe(true);
  });

  it("MF-26: decided again, it stays at the first time, with one mail", async () => {
    const first = await given(resetFactorsBy(ana.id, by(), new Date()));
    const again = await given(resetFactorsBy(ana.id, by(), later(60_000)));
    expect(again).toEqual(first);
    const mails = (await mailsTo(ana.email)).filter(({ kind }) => kind === "factors_resetting");
    expect(mails).toHaveLength(1);
  });

  it.each([
    ["whose last proof was the password alone", '["password"]', false],
    ["whose proof is 16 minutes old", '["password","totp"]', true],
  ])("MF-26: is none by an administrator %s", async (_, methods, isOld) => {
    await provedBy(admin, methods);
    if (isOld)
      await change(
        "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
        [admin.user.id],
      );
    await expect(resetFactorsBy(ana.id, by(), new Date())).rejects.toMatchObject({
      name: "AuthorityLost",
      why: "proof_needed",
    });
    expect(await factorsOf(ana.id)).toMatchObject({ resetAt: null });
  });

  it("AZ-7: is none by staff, nor of one's own", async () => {
    const staff = await signedIn({ role: "staff" });
    await provedBy(staff, '["password","totp"]');
    const asStaff = resetFactorsBy(ana.id, { actor: staff, device: DEVICE }, new Date());
    await expect(asStaff).rejects.toMatchObject({ why: "not_allowed" });
    const own = await resetFactorsBy(admin.user.id, by(), new Date());
    expect(own).toMatchObject({ refused: "own_account" });
  });

  it("says so where there is nothing to take away, and nobody", async () => {
    const eve = await aUser();
    expect(await resetFactorsBy(eve.id, by(), new Date())).toEqual({ refused: "no_factor" });
    expect(await resetFactorsLater(999_999_999, new Date())).toMatchObject({
      refused: "no_such_user",
    });
    expect(await resetFactorsNow(eve.id, new Date())).toEqual({ refused: "no_factor" });
  });
});

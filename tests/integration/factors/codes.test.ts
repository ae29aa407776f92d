import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { type PassedStep, proveByCode, proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { inTransaction } from "@/lib/db/transaction";
import { replaceRecoveryCodes } from "@/lib/factors/recovery-codes";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { isRefused } from "@/lib/refused";
import { startSession } from "@/lib/session/lifecycle";
import type { User } from "@/lib/users/user";
import { PASSWORD } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { type App, giveApp } from "../../support/factors";
import { mailsTo } from "../../support/mailbox";
import { aUser, byPassword } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const STEP_SECONDS = 30;

let ana: User;
let app: App;
beforeEach(async () => {
  ana = await aUser();
  app = await giveApp(ana);
});

const inSeconds = (seconds: number, from = new Date()) => new Date(from.getTime() + seconds * 1000);

/** The first step of a sign-in, in a browser that nobody knows. */
async function passed(user = ana, client = { device: newDevice(), known: null }) {
  const claim = { identifier: user.username, ...byPassword(PASSWORD) };
  const more = await proveByName(claim, client, new Date());
  if (!isRefused(more) || more.refused !== "more_needed") throw new Error("no code was asked for");
  return { step: more.step, client };
}

async function proves(code: string, now = new Date(), user = ana): Promise<unknown> {
  const { step, client } = await passed(user);
  const proven = await proveByCode(step, code, client, now);
  return isRefused(proven) ? proven.refused : proven.methods.at(-1);
}

/** A moment in the middle of a step, so that no test runs over its border. */
const MIDDLE = new Date(
  Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS * 1000 + (STEP_SECONDS / 2) * 1000,
);

describe("a code of an authenticator app", () => {
  it("MF-1: works once", async () => {
    const code = app.code(MIDDLE);
    expect(await proves(code, MIDDLE)).toBe("totp");
    expect(await proves(code, MIDDLE)).toBe("wrong");
    expect(await proves(code, inSeconds(STEP_SECONDS, MIDDLE))).toBe("wrong");
  });

  it.each([
    ["the present step", 0, "totp"],
    ["the former step", -30, "totp"],
    ["the next step", 30, "wrong"],
    ["60 seconds ago", -60, "wrong"],
    ["90 seconds ago", -90, "wrong"],
    ["90 seconds ahead", 90, "wrong"],
  ])("MF-24: of %s", async (_, seconds, outcome) => {
    expect(await proves(app.code(inSeconds(seconds, MIDDLE)), MIDDLE)).toBe(outcome);
  });

  it("MF-1: of a former step works no more once that of the present one did", async () => {
    expect(await proves(app.code(MIDDLE), MIDDLE)).toBe("totp");
    expect(await proves(app.code(inSeconds(-STEP_SECONDS, MIDDLE)), MIDDLE)).toBe("wrong");
    const next = inSeconds(STEP_SECONDS, MIDDLE);
    expect(await proves(app.code(next), next)).toBe("totp");
  });

  it("MF-20: of twenty at once one begins a session", async () => {
    const { step, client } = await passed();
    const code = app.code();
    const tries = Array.from({ length: 20 }, async () => {
      const proven = await proveByCode(step, code, client, new Date());
      if (isRefused(proven)) return proven.refused;
      const start = { ...proven, persistent: false, device: client.device, replaced: [] };
      return isRefused(await startSession(start, new Date())) ? "overtaken" : "begun";
    });
    const begun = (await Promise.all(tries)).filter((outcome) => outcome === "begun");
    expect(begun).toHaveLength(1);
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [ana.id])).toBe(1);
  });

  it("MF-2: is not looked at any more after ten wrong ones, however many steps begin and however many come at once", async () => {
    const client = { device: newDevice(), known: null };
    const steps = await Promise.all([1, 2, 3].map(() => passed(ana, client)));
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const { step } = steps[n % steps.length] ?? { step: undefined };
        if (!step) throw new Error("three were begun");
        return proveByCode(step, "000000", client, new Date());
      }),
    );
    const refused = outcomes.map((outcome) => isRefused(outcome) && outcome.refused);
    expect(refused.filter((why) => why === "wrong").length).toBeLessThanOrEqual(10);
    expect(refused.filter((why) => why === "throttled").length).toBeGreaterThanOrEqual(20);
    const [{ step } = { step: undefined }] = steps;
    if (!step) throw new Error("three were begun");
    const right = await proveByCode(step, app.code(), client, new Date());
    expect(right).toMatchObject({ refused: "throttled" });
  });

  it("MF-4: its secret lies sealed in the table, for its own account alone", async () => {
    const [row] = await rows("SELECT sealed_secret FROM totp_factors WHERE user_id = ?", [ana.id]);
    expect(String(row?.sealed_secret)).not.toContain(app.secret);
    const eve = await aUser();
    const hers = await giveApp(eve);
    await change("UPDATE totp_factors SET sealed_secret = ? WHERE user_id = ?", [
      row?.sealed_secret,
      eve.id,
    ]);
    expect(await proves(app.code(), new Date(), eve)).toBe("wrong");
    expect(await proves(hers.code(), new Date(), eve)).toBe("wrong");
  });

  it("MF-25: counts as there where no key opens it: the password alone is not enough", async () => {
    await change("UPDATE totp_factors SET sealed_secret = 'nothing' WHERE user_id = ?", [ana.id]);
    expect(await proves(app.code())).toBe("wrong");
    expect(await proves(app.recoveryCodes[0] ?? "")).toBe("recovery_code");
  });
});

describe("a recovery code", () => {
  it("MF-3: works once, in whatever groups, and its owner is told how many are left", async () => {
    const [code = ""] = app.recoveryCodes;
    expect(await proves(` ${code.replaceAll("-", " ").toUpperCase()}`)).toBe("recovery_code");
    expect(await proves(code)).toBe("wrong");
    expect((await mailsTo(ana.email))[0]).toMatchObject({
      kind: "recovery_code_used",
      text: expect.stringContaining("9 are left"),
    });
    const [event] = await rows(
      "SELECT * FROM events WHERE type = 'recovery_code_used' AND user_id = ?",
      [ana.id],
    );
    expect(event).toBeDefined();
  });

  it("MF-3: of twenty uses at once one works", async () => {
    const { step, client } = await passed();
    const [code = ""] = app.recoveryCodes;
    const tries = Array.from({ length: 20 }, () => proveByCode(step, code, client, new Date()));
    const right = (await Promise.all(tries)).filter((outcome) => !isRefused(outcome));
    expect(right).toHaveLength(1);
  });

  it("MF-3: has 128 bits or more, is kept as a hash, and is dead once new ones are made", async () => {
    const { recoveryCodes: codes } = app;
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^[a-z0-9]{4}(-[a-z0-9]{4}){6}$/);
      expect(code).toMatch(/\d/);
    }
    expect(28 * Math.log2(31)).toBeGreaterThan(128);
    const kept = JSON.stringify(await rows("SELECT HEX(code_hash) FROM recovery_codes"));
    expect(kept.toLowerCase()).not.toContain(codes[0]?.replaceAll("-", ""));
    const fresh = await inTransaction((transaction) =>
      replaceRecoveryCodes(transaction, ana.id, new Date()),
    );
    expect(await proves(codes[1] ?? "")).toBe("wrong");
    expect(await proves(fresh[1] ?? "")).toBe("recovery_code");
  });

  it("MF-3: of somebody else is wrong", async () => {
    const eve = await aUser();
    const hers = await giveApp(eve);
    expect(await proves(hers.recoveryCodes[0] ?? "")).toBe("wrong");
  });
});

it("MF-5: a new password by a mailed link leaves the factors, and signs nobody in", async () => {
  const of = { purpose: "password_reset", userId: ana.id, email: ana.email } as const;
  const token = await inTransaction((transaction) => issueToken(transaction, of, new Date()));
  const newPassword = "an entirely new pass phrase";
  await resetPassword({ token: token.value, newPassword }, newDevice(), new Date());
  expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [ana.id])).toBe(0);
  const claim = { identifier: ana.username, ...byPassword(newPassword) };
  const client = { device: newDevice(), known: null };
  expect(await proveByName(claim, client, new Date())).toMatchObject({ refused: "more_needed" });
});

describe("the first step", () => {
  const forged = (step: PassedStep, other: Partial<PassedStep>) => ({ ...step, ...other });

  it.each<[string, (step: PassedStep) => Promise<PassedStep>]>([
    [
      "the password was changed meanwhile",
      async (step) => {
        await change("UPDATE users SET password_hash = '!' WHERE id = ?", [ana.id]);
        return step;
      },
    ],
    [
      "the factors were changed meanwhile",
      async (step) => {
        await change("UPDATE users SET factors_changed_at = ? WHERE id = ?", [
          inSeconds(1),
          ana.id,
        ]);
        return step;
      },
    ],
    [
      "the user was disabled meanwhile",
      async (step) => {
        await change("UPDATE users SET status = 'disabled' WHERE id = ?", [ana.id]);
        return step;
      },
    ],
    [
      "whoever has the keys made it, without the password's hash",
      async (step) => forged(step, { passwordPrint: "made up" }),
    ],
    ["it names nobody", async (step) => forged(step, { userId: 999_999_999 })],
  ])("MF-22: opens nothing where %s", async (_, make) => {
    const { step, client } = await passed();
    const proven = await proveByCode(await make(step), app.code(), client, new Date());
    expect(proven).toEqual({ refused: "step_over" });
  });

  it("clears none of the wrong passwords before it; a whole sign-in does", async () => {
    const client = { device: newDevice(), known: null };
    const wrong = { identifier: ana.username, ...byPassword("not mine") };
    for (let n = 0; n < 9; n += 1) await proveByName(wrong, client, new Date());
    const { step } = await passed(ana, client);
    expect(await proveByCode(step, "000000", client, new Date())).toMatchObject({
      refused: "wrong",
    });
    expect(await proveByCode(step, app.code(), client, new Date())).toMatchObject({
      refused: "throttled",
    });
  });
});

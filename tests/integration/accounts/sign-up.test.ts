import { beforeEach, describe, expect, it } from "vitest";
import { verifyEmail } from "@/lib/accounts/email-address";
import { proveByName } from "@/lib/auth/methods";
import { isRefused } from "@/lib/refused";
import { newUser } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { mailedTokenTo, mailsTo } from "../../support/mailbox";
import { byPassword } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const PASSWORD = "an entirely new pass phrase";

/** Sign-up as a site has it that is open to all, or as `SIGN_UP` says. */
const room = (signUp = "open", more = {}) =>
  underSettings({ SIGN_UP: signUp, ...more }, () => import("@/lib/accounts/sign-up"));

type Room = Awaited<ReturnType<typeof room>>;

let at: Room;
let wanted: { username: string; email: string; name: string; newPassword: string };
beforeEach(async () => {
  at = await room();
  wanted = somebody();
});

function somebody() {
  const username = `s${crypto.randomUUID().slice(0, 12)}`;
  return { username, email: `${username}@example.com`, name: "", newPassword: PASSWORD };
}

const signUp = (of = wanted, now = new Date()) => at.signUp(of, newDevice(), now);
const rowOf = async ({ username }: { username: string }) =>
  (await rows("SELECT * FROM users WHERE username = ?", [username]))[0];
const prove = (identifier: string, password = PASSWORD) => {
  const client = { device: newDevice(), known: null };
  return proveByName({ identifier, ...byPassword(password) }, client, new Date());
};

describe("who signs up", () => {
  it("AU-1: is told what is missing by the right password alone, and gets in once the address is confirmed", async () => {
    expect(await signUp()).toBeNull();
    expect(await prove(wanted.username)).toEqual({ refused: "email_not_verified" });
    expect(await prove(wanted.username, `${PASSWORD} no`)).toMatchObject({ refused: "wrong" });
    const token = await mailedTokenTo(wanted.email, "email_verification");
    await verifyEmail(token, newDevice(), new Date());
    expect(isRefused(await prove(wanted.username))).toBe(false);
    expect(await rowOf(wanted)).toMatchObject({ role: "member", status: "active" });
  });

  it("AU-2: with an address that has an account changes nothing; its owner is told by mail", async () => {
    const ana = await newUser();
    expect(await signUp({ ...wanted, email: ana.email.toUpperCase() })).toBeNull();
    expect(await rowOf(wanted)).toBeUndefined();
    expect(await mailsTo(ana.email)).toMatchObject([{ kind: "sign_up_known", token: "" }]);
  });

  it("AU-2: with a user name that is taken hears so by mail alone", async () => {
    const ana = await newUser();
    expect(await signUp({ ...wanted, username: ana.username.toUpperCase() })).toBeNull();
    expect(await number("SELECT COUNT(*) FROM users WHERE email = ?", [wanted.email])).toBe(0);
    const [mail, ...more] = await mailsTo(wanted.email);
    expect([mail?.kind, more]).toEqual(["sign_up_name_taken", []]);
    expect(mail?.text).toContain("http://localhost:3000/sign-up");
  });

  it("RS-1: with an address that nobody has confirmed replaces the earlier one whole, and ends its link", async () => {
    await signUp();
    const former = await mailedTokenTo(wanted.email, "email_verification");
    const later = { ...somebody(), email: wanted.email };
    await signUp(later);
    expect(await rowOf(wanted)).toBeUndefined();
    expect(await verifyEmail(former, newDevice(), new Date())).toEqual({ refused: "link_over" });
    expect(await rowOf(later)).toMatchObject({ email: wanted.email, email_verified_at: null });
  });

  it("of ten at once with one name and address one account is made, and each is answered the same", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => signUp()));
    expect(new Set(answers)).toEqual(new Set([null]));
    expect(await number("SELECT COUNT(*) FROM users WHERE email = ?", [wanted.email])).toBe(1);
  });

  it("PW-1: with a password that is not fit is told so, and nothing is mailed", async () => {
    for (const newPassword of ["short", wanted.username.repeat(3)])
      expect(await signUp({ ...wanted, newPassword })).toMatchObject({ refused: "unfit_password" });
    expect(await mailsTo(wanted.email)).toEqual([]);
  });
});

describe("who may sign up", () => {
  it("is nobody by default, and nobody where no mail leaves", async () => {
    const closed = await room("closed");
    expect(closed.isSignUpOpen()).toBe(false);
    expect(await closed.signUp(wanted, newDevice(), new Date())).toEqual({
      refused: "sign_up_closed",
    });
    const mute = await room("open", { APP_URL: "https://app.example.com", HOST: "0.0.0.0" });
    expect(mute.isSignUpOpen()).toBe(false);
    expect(await rowOf(wanted)).toBeUndefined();
  });

  it("is whoever has an address of a domain that is named, and not of one beneath it", async () => {
    at = await room("example.org, Example.com");
    expect(await signUp()).toBeNull();
    for (const domain of ["sub.example.com", "example.com.evil.test", "notexample.com"]) {
      const other = somebody();
      const email = `${other.username}@${domain}`;
      expect(await signUp({ ...other, email })).toEqual({ refused: "sign_up_closed" });
    }
    const shouting = somebody();
    expect(await signUp({ ...shouting, email: `${shouting.username}@EXAMPLE.ORG` })).toBeNull();
  });

  it("AU-3: a network gets a hundred mails in 15 minutes", async () => {
    const device = newDevice();
    await at.signUp(wanted, device, new Date());
    await change(
      "UPDATE throttle SET points = 100 WHERE `key` LIKE 'mail-address:%' AND points = 1",
    );
    expect(await at.signUp(somebody(), device, new Date())).toEqual({ refused: "too_many_mails" });
  });
});

it("AU-3: an address gets ten mails in 15 minutes, whoever asks; then nothing is done, and told as ever", async () => {
  for (let n = 0; n < 12; n += 1)
    expect(await signUp({ ...somebody(), email: wanted.email })).toBeNull();
  expect(await mailsTo(wanted.email)).toHaveLength(1);
  const points = await rows(
    "SELECT points FROM throttle WHERE `key` LIKE 'mail:to %' AND points > 9",
  );
  expect(points.length).toBeGreaterThan(0);
  const later = new Date(Date.now() + 901_000);
  const last = { ...somebody(), email: wanted.email };
  await signUp(last, later);
  expect(await rowOf(last)).toBeDefined();
});

describe("the link once more", () => {
  it("RS-1: ends the one before, and comes three times in 15 minutes at most", async () => {
    await signUp();
    const verifications = async () => (await mailsTo(wanted.email)).length;
    const former = await mailedTokenTo(wanted.email, "email_verification");
    await at.resendVerification(wanted.email, newDevice(), new Date());
    expect(await verifications()).toBe(2);
    expect(await verifyEmail(former, newDevice(), new Date())).toEqual({ refused: "link_over" });
    for (let more = 0; more < 4; more += 1)
      await at.resendVerification(wanted.username, newDevice(), new Date());
    expect(await verifications()).toBe(4);
  });

  it("AU-2: goes to nobody who has confirmed, and to nobody unknown", async () => {
    const ana = await newUser();
    for (const identifier of [ana.username, "nobody-of-that-name"])
      expect(await at.resendVerification(identifier, newDevice(), new Date())).toBeUndefined();
    expect(await mailsTo(ana.email)).toEqual([]);
  });
});

describe("what nobody confirmed", () => {
  it("LG-5: is erased after 24 hours, with its links and mails", async () => {
    const now = new Date();
    await signUp(wanted, now);
    const id = (await rowOf(wanted))?.id;
    await at.purgeSignUps(new Date(now.getTime() + 86_399_000));
    expect(await rowOf(wanted)).toBeDefined();
    expect(await at.purgeSignUps(new Date(now.getTime() + 86_401_000))).toBeGreaterThan(0);
    expect(await rowOf(wanted)).toBeUndefined();
    for (const table of ["outbox", "one_time_tokens"])
      expect(await number(`SELECT COUNT(*) FROM ${table} WHERE user_id = ?`, [id])).toBe(0);
  });

  it("stays where it was confirmed", async () => {
    await signUp();
    const token = await mailedTokenTo(wanted.email, "email_verification");
    await verifyEmail(token, newDevice(), new Date());
    await at.purgeSignUps(new Date(Date.now() + 86_401_000));
    expect(await rowOf(wanted)).toBeDefined();
  });

  it.each([
    ["an administrator", "role = 'admin'"],
    ["whoever has signed in", "last_sign_in_at = UTC_TIMESTAMP(3)"],
  ])("LG-5: %s stays, and keeps the address, whatever their row says of it", async (_, is) => {
    const ana = await newUser();
    await change(`UPDATE users SET email_verified_at = NULL, ${is} WHERE id = ?`, [ana.id]);
    await signUp({ ...wanted, email: ana.email });
    expect(await rowOf(wanted)).toBeUndefined();
    expect((await mailsTo(ana.email)).map(({ kind }) => kind)).toEqual(["sign_up_known"]);
    await at.purgeSignUps(new Date(Date.now() + 86_401_000));
    expect(await rowOf(ana)).toBeDefined();
  });
});

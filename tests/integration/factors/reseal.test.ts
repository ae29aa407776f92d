import { beforeEach, expect, it } from "vitest";
import { aUser } from "../../support/signed-in";
import { change, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

const OLD = "an-old-secret-of-these-tests-0123456789-0123456789";
const NEW = "a-newer-secret-of-these-tests-0123456789-0123456789";

const room = (SESSION_SECRET: string) =>
  underSettings({ SESSION_SECRET }, async () => ({
    ...(await import("@/lib/factors/reseal")),
    ...(await import("@/lib/factors/totp")),
    ...(await import("@/lib/db/transaction")),
  }));

const sealedOf = async (id: number) =>
  String(
    (await rows("SELECT sealed_secret FROM totp_factors WHERE user_id = ?", [id]))[0]
      ?.sealed_secret,
  );

beforeEach(() => change("DELETE FROM totp_factors"));

it("MF-4: a secret that an older key has sealed is sealed anew, and opens once that is dropped", async () => {
  const old = await room(OLD);
  const { id: userId } = await aUser();
  const secret = old.newTotpSecret();
  await old.inTransaction((transaction) =>
    old.insertTotp(transaction, { userId, secret, step: 0 }, new Date()),
  );
  const before = await sealedOf(userId);
  const both = await room(`${NEW},${OLD}`);
  expect(await both.countLostFactors()).toBe(0);
  expect(await both.resealFactors()).toBe(1);
  expect(await sealedOf(userId)).not.toBe(before);
  expect(await both.resealFactors()).toBe(0);
  const later = await room(NEW);
  expect(await later.countLostFactors()).toBe(0);
  expect(await later.openSecret(userId, await sealedOf(userId))).toBe(secret);
});

it("MF-22: what no key opens stays, and is counted", async () => {
  const old = await room(OLD);
  const { id: userId } = await aUser();
  await old.inTransaction((transaction) =>
    old.insertTotp(transaction, { userId, secret: old.newTotpSecret(), step: 0 }, new Date()),
  );
  const before = await sealedOf(userId);
  const other = await room(NEW);
  expect(await other.countLostFactors()).toBe(1);
  expect(await other.resealFactors()).toBe(0);
  expect(await sealedOf(userId)).toBe(before);
  expect(await other.openSecret(userId, before)).toBeNull();
});

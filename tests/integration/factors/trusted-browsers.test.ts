import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { forgetTrustedBrowser, removeTotp } from "@/lib/accounts/change-factors";
import { proveByName } from "@/lib/auth/methods";
import { writePassword } from "@/lib/auth/password";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { db } from "@/lib/db/connection";
import {
  type BrowserTrust,
  isTrusted,
  listTrustedBrowsers,
  purgeTrust,
  trustBrowser,
} from "@/lib/factors/trusted-browsers";
import { isRefused } from "@/lib/refused";
import { PASSWORD } from "@/tests/helpers/people";
import { newDevice } from "../../support/devices";
import { type App, giveApp } from "../../support/factors";
import { given } from "../../support/given";
import { byPassword, CLIENT, DEVICE, type SignedIn, signedIn } from "../../support/signed-in";
import { number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const DAY_MS = 86_400_000;

let mine: SignedIn;
let app: App;
let trust: BrowserTrust;
beforeEach(async () => {
  mine = await signedIn();
  app = await giveApp(mine.user);
  trust = await trustBrowser(mine.user.id, DEVICE, new Date());
});

async function signIn(brought: readonly BrowserTrust[], now = new Date(), user = mine.user) {
  const client = { device: newDevice(), known: null, trust: brought };
  const claim = { identifier: user.username, ...byPassword(PASSWORD) };
  const proven = await proveByName(claim, client, now);
  return isRefused(proven) ? proven.refused : proven.methods;
}

describe("a browser that an account trusts", () => {
  it("MF-25: signs in by the password alone, which records no factor, for 30 days", async () => {
    expect(await signIn([trust])).toEqual(["password"]);
    const now = Date.now();
    expect(await signIn([trust], new Date(now + 30 * DAY_MS - 60_000))).toEqual(["password"]);
    expect(await signIn([trust], new Date(now + 30 * DAY_MS + 60_000))).toBe("more_needed");
  });

  it("MF-25: is noted where and when it was used", async () => {
    const now = new Date(Date.now() + 60_000);
    const device = newDevice();
    expect(await isTrusted(mine.user.id, [trust], device, now)).toBe(true);
    const [listed] = await listTrustedBrowsers(mine.user.id, now);
    expect(listed).toMatchObject({ ...device, lastUsedAt: now });
  });

  it.each<[string, (it: BrowserTrust) => BrowserTrust]>([
    ["another secret", (it) => ({ ...it, secret: "A".repeat(43) })],
    ["no secret", (it) => ({ ...it, secret: "" })],
    ["an id that is none", (it) => ({ ...it, id: "' OR 1=1" })],
    ["what the table has", (it) => it],
  ])("MF-22: is not one by %s", async (what, change) => {
    const [row] = await rows(
      "SELECT HEX(secret_hash) AS hash FROM trusted_browsers WHERE user_id = ?",
      [mine.user.id],
    );
    const dumped = { ...trust, secret: String(row?.hash).toLowerCase().slice(0, 43) };
    const brought = what === "what the table has" ? dumped : change(trust);
    expect(await signIn([brought])).toBe("more_needed");
  });

  it("MF-25: is trusted by that account alone", async () => {
    const eve = await signedIn();
    await giveApp(eve.user);
    expect(await signIn([trust], new Date(), eve.user)).toBe("more_needed");
  });

  it("MF-25: is one no more once the password is another", async () => {
    const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [mine.user.id]);
    const same = {
      passwordHash: String(row?.password_hash),
      passwordSetAt: new Date(),
      passwordIsTemporary: false,
    };
    await writePassword(db(), mine.user.id, same);
    expect(await signIn([trust])).toBe("more_needed");
  });

  it("MF-25: is one no more once the factors are others", async () => {
    await given(removeTotp({ ...mine, client: CLIENT }, app.code(), new Date()));
    await giveApp(mine.user);
    expect(await signIn([trust])).toBe("more_needed");
  });

  it("is forgotten by its own account alone, one by one", async () => {
    const other = await trustBrowser(mine.user.id, DEVICE, new Date());
    const eve = await signedIn();
    expect(await forgetTrustedBrowser(eve, trust.id, new Date())).toBe(false);
    expect(await forgetTrustedBrowser(mine, trust.id, new Date())).toBe(true);
    expect(await signIn([trust])).toBe("more_needed");
    expect(await signIn([trust, other])).toEqual(["password"]);
  });

  it("is purged when its time is over", async () => {
    const count = () =>
      number("SELECT COUNT(*) FROM trusted_browsers WHERE user_id = ?", [mine.user.id]);
    await purgeTrust(new Date());
    expect(await count()).toBe(1);
    await purgeTrust(new Date(Date.now() + 31 * DAY_MS));
    expect(await count()).toBe(0);
  });
});

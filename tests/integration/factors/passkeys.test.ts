import { randomBytes } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { addPasskey, removePasskey, renamePasskey } from "@/lib/accounts/change-passkeys";
import { proveByName, proveByPasskey } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { reauthenticate } from "@/lib/auth/reauthenticate";
import { factorsOf } from "@/lib/factors/factors";
import { listPasskeys } from "@/lib/factors/passkeys";
import { isRefused } from "@/lib/refused";
import { startSession } from "@/lib/session/lifecycle";
import { PASSWORD } from "@/tests/helpers/people";
import { type SoftPasskey, softPasskey, type Ways } from "../../support/authenticator";
import { newDevice } from "../../support/devices";
import { giveApp } from "../../support/factors";
import { given } from "../../support/given";
import { mailsTo } from "../../support/mailbox";
import {
  byPassword,
  CLIENT,
  rowOf,
  type SignedIn,
  signedIn,
  withToken,
} from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const aChallenge = () => randomBytes(32).toString("base64url");

let mine: SignedIn;
let theirs: SignedIn;
let passkey: SoftPasskey;
beforeEach(async () => {
  mine = await signedIn();
  theirs = await signedIn({ user: mine.user });
  passkey = softPasskey();
});

const owner = (it = mine) => ({ ...it, client: CLIENT });

async function add(ways: Ways = {}, it = mine, key = passkey) {
  const challenge = aChallenge();
  const made = { made: key.made(challenge, ways), challenge, name: "Laptop" };
  return addPasskey(owner(it), made, new Date());
}

async function added() {
  const done = await given(add());
  return { ...done, after: withToken(mine, done.token) };
}

async function proves(ways: Ways = {}, challenge = aChallenge(), key = passkey) {
  const client = { device: newDevice(), known: null };
  const signed = { assertion: key.signed(challenge, ways), challenge };
  const proven = await proveByPasskey(signed, null, client, new Date());
  return isRefused(proven) ? proven.refused : proven.methods;
}

describe("adding a passkey", () => {
  it("MF-23: ends every other session, gives this one a new secret and ten codes, and tells its owner", async () => {
    const { recoveryCodes } = await added();
    expect(recoveryCodes).toHaveLength(10);
    expect(await rowOf(theirs.session.id)).toMatchObject({ end_reason: "factor_changed" });
    expect(await listPasskeys(mine.user.id)).toMatchObject([{ name: "Laptop", lastUsedAt: null }]);
    expect((await mailsTo(mine.user.email)).map(({ kind }) => kind)).toEqual(["factor_added"]);
  });

  it.each<[string, Ways]>([
    ["another site's page", { origin: "https://evil.example" }],
    ["another site", { rpId: "evil.example" }],
    ["nobody verified", { isVerified: false }],
  ])("MF-23: is refused from %s", async (_, ways) => {
    expect(await add(ways)).toEqual({ refused: "unfit_passkey" });
    expect(await factorsOf(mine.user.id)).toMatchObject({ passkeys: 0, recoveryCodes: 0 });
  });

  it("MF-23: is refused for another challenge, and for one that was used", async () => {
    const challenge = aChallenge();
    const made = passkey.made(aChallenge());
    const other = { made, challenge, name: "" };
    expect(await addPasskey(owner(), other, new Date())).toEqual({ refused: "unfit_passkey" });
    const first = { made: passkey.made(challenge), challenge, name: "" };
    const { token } = await given(addPasskey(owner(), first, new Date()));
    const again = { made: softPasskey().made(challenge), challenge, name: "" };
    const replayed = await addPasskey(owner(withToken(mine, token)), again, new Date());
    expect(replayed).toEqual({ refused: "unfit_passkey" });
  });

  it("MF-23: is refused where somebody has it", async () => {
    await added();
    const eve = await signedIn();
    expect(await add({}, eve)).toEqual({ refused: "unfit_passkey" });
  });

  it("MF-4: needs a fresh proof", async () => {
    await change(
      "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
      [mine.user.id],
    );
    await expect(add()).rejects.toMatchObject({ name: "AuthorityLost", why: "proof_needed" });
  });

  it("MF-4: needs a factor in that proof where there is one: the password alone brings no other", async () => {
    const app = await giveApp(mine.user);
    await expect(add()).rejects.toMatchObject({ name: "AuthorityLost", why: "proof_needed" });
    const proof = { ...owner(), given: { method: "code", code: app.code() } } as const;
    const token = await given(reauthenticate(proof, new Date()));
    expect(isRefused(await add({}, withToken(mine, token)))).toBe(false);
  });
});

describe("signing in by a passkey", () => {
  beforeEach(async () => {
    await added();
  });

  it("MF-23: takes nothing else, and records it; the password alone is not enough from now on", async () => {
    expect(await proves()).toEqual(["passkey"]);
    const claim = { identifier: mine.user.username, ...byPassword(PASSWORD) };
    const client = { device: newDevice(), known: null };
    expect(await proveByName(claim, client, new Date())).toMatchObject({ refused: "more_needed" });
  });

  it.each<[string, Ways]>([
    ["another site's page", { origin: "https://evil.example" }],
    ["another site", { rpId: "evil.example" }],
    ["nobody verified", { isVerified: false }],
    ["another user's handle", { userHandle: Buffer.from("1").toString("base64url") }],
  ])("MF-23: is refused from %s", async (_, ways) => {
    expect(await proves(ways)).toBe("wrong");
  });

  it("MF-23: is refused for another challenge, and for none", async () => {
    const client = { device: newDevice(), known: null };
    for (const challenge of [aChallenge(), ""]) {
      const signed = { assertion: passkey.signed(aChallenge()), challenge };
      expect(await proveByPasskey(signed, null, client, new Date())).toEqual({ refused: "wrong" });
    }
  });

  it("MF-23: of twenty replays at once one is taken", async () => {
    const challenge = aChallenge();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => proves({}, challenge)));
    expect(outcomes.filter((outcome) => outcome !== "wrong")).toHaveLength(1);
    expect(await proves({}, challenge)).toBe("wrong");
  });

  it("MF-23: of one that nobody has added is refused, and of one with another's key", async () => {
    expect(await proves({}, aChallenge(), softPasskey())).toBe("wrong");
    const challenge = aChallenge();
    const forged = { ...softPasskey().signed(challenge), id: passkey.signed(challenge).id };
    const client = { device: newDevice(), known: null };
    const signed = { assertion: forged, challenge };
    expect(await proveByPasskey(signed, null, client, new Date())).toEqual({ refused: "wrong" });
  });

  it("MF-23: of a disabled user is refused", async () => {
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [mine.user.id]);
    expect(await proves()).toBe("wrong");
  });

  it("MF-23: one whose counter does not rise is a copy: it is refused, with an event", async () => {
    expect(await proves({ counter: 5 })).toEqual(["passkey"]);
    expect(await proves({ counter: 6 })).toEqual(["passkey"]);
    for (const counter of [6, 3, 0]) expect(await proves({ counter })).toBe("wrong");
    const events = await rows(
      "SELECT detail FROM events WHERE type = 'second_factor_failed' AND user_id = ?",
      [mine.user.id],
    );
    expect(events).toHaveLength(3);
    expect(JSON.stringify(events)).toContain("copied");
  });

  it("MF-22: what the table has signs nothing", async () => {
    const dump = JSON.stringify(
      await rows("SELECT * FROM passkeys WHERE user_id = ?", [mine.user.id]),
    );
    expect(dump).not.toMatch(/private/i);
    expect(dump).toContain("public_key");
  });

  it("MF-25: begins a session that is proved by it, and by the password before it", async () => {
    const client = { device: newDevice(), known: null };
    const claim = { identifier: mine.user.username, ...byPassword(PASSWORD) };
    const more = await proveByName(claim, client, new Date());
    if (!isRefused(more) || more.refused !== "more_needed")
      throw new Error("nothing was asked for");
    const challenge = aChallenge();
    const signed = { assertion: passkey.signed(challenge), challenge };
    const proven = await given(proveByPasskey(signed, more.step, client, new Date()));
    expect(proven.methods).toEqual(["password", "passkey"]);
    const start = { ...proven, persistent: false, device: client.device, replaced: [] };
    const { session } = await given(startSession(start, new Date()));
    expect(await rowOf(session.id)).toMatchObject({ methods: ["password", "passkey"] });
  });
});

describe("passkeys of one's own", () => {
  it("AU-10: are a fresh proof, and one of somebody else is none", async () => {
    const { after } = await added();
    const challenge = aChallenge();
    const by = (key: SoftPasskey) => ({
      ...owner(after),
      given: { method: "passkey", assertion: key.signed(challenge), challenge } as const,
    });
    const eve = await signedIn();
    const hers = softPasskey();
    await given(add({}, eve, hers));
    expect(await reauthenticate(by(hers), new Date())).toMatchObject({ refused: "wrong" });
    const mineAgain = aChallenge();
    const own = {
      method: "passkey",
      assertion: passkey.signed(mineAgain),
      challenge: mineAgain,
    } as const;
    await given(reauthenticate({ ...owner(after), given: own }, new Date()));
    expect(await rowOf(mine.session.id)).toMatchObject({ methods: ["passkey"] });
  });

  it("are named and removed by their owner alone", async () => {
    const { after } = await added();
    const [{ id } = { id: "" }] = await listPasskeys(mine.user.id);
    const eve = await signedIn();
    await giveApp(eve.user);
    await change('UPDATE sessions SET method_list = \'["password","totp"]\' WHERE user_id = ?', [
      eve.user.id,
    ]);
    expect(await renamePasskey(eve, { id, name: "Hers" }, new Date())).toBe(false);
    expect(await removePasskey({ ...eve, client: CLIENT }, id, new Date())).toBeNull();
    expect(await renamePasskey(after, { id, name: "Desk" }, new Date())).toBe(true);
    expect(await listPasskeys(mine.user.id)).toMatchObject([{ name: "Desk" }]);
  });

  it("MF-4: are removed by a second factor, not by a password alone; the last one takes the recovery codes along", async () => {
    const { after } = await added();
    const [{ id } = { id: "" }] = await listPasskeys(mine.user.id);
    const setMethods = (methods: string) =>
      change("UPDATE sessions SET method_list = ? WHERE user_id = ?", [methods, mine.user.id]);
    await setMethods('["password"]');
    await expect(removePasskey(owner(after), id, new Date())).rejects.toMatchObject({
      why: "proof_needed",
    });
    await setMethods('["password","passkey"]');
    expect(await removePasskey(owner(after), id, new Date())).not.toBeNull();
    expect(await factorsOf(mine.user.id)).toMatchObject({ passkeys: 0, recoveryCodes: 0 });
    expect(
      await number("SELECT COUNT(*) FROM users WHERE id = ? AND factors_changed_at IS NULL", [
        mine.user.id,
      ]),
    ).toBe(1);
  });
});

import { afterAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTotp,
  beginTotp,
  openTotpSetUp,
  removeTotp,
  renewRecoveryCodes,
} from "@/lib/accounts/change-factors";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { factorsOf } from "@/lib/factors/factors";
import { resumeSession } from "@/lib/session/resume";
import { codeOf } from "../../support/factors";
import { given } from "../../support/given";
import { mailsTo } from "../../support/mailbox";
import {
  CLIENT,
  eventsOf,
  rowOf,
  type SignedIn,
  signedIn,
  withToken,
} from "../../support/signed-in";
import { change, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const STEP_MS = 30_000;

let mine: SignedIn;
let theirs: SignedIn;
beforeEach(async () => {
  mine = await signedIn();
  theirs = await signedIn({ user: mine.user });
});

const owner = (it = mine) => ({ ...it, client: CLIENT });
const next = () => new Date(Date.now() + STEP_MS);

/** Sets an app up; this session as it goes on, and what the app and the codes are. */
async function setUp() {
  const { secret } = await beginTotp(mine, new Date());
  const added = await given(addTotp(owner(), { secret, code: codeOf(secret) }, new Date()));
  return { secret, ...added, after: withToken(mine, added.token) };
}

describe("setting up an authenticator app", () => {
  it("MF-4: needs its first code, and leaves nothing behind without", async () => {
    const { secret } = await beginTotp(mine, new Date());
    const wrong = { secret, code: "000000" };
    expect(await addTotp(owner(), wrong, new Date())).toEqual({ refused: "wrong_code" });
    expect(await factorsOf(mine.user.id)).toMatchObject({ totpSince: null, recoveryCodes: 0 });
    expect(await rowOf(theirs.session.id)).toMatchObject({ ended_at: null });
  });

  it("MF-4: ends every other session, gives this one a new secret and ten codes, and tells its owner", async () => {
    const { recoveryCodes, token } = await setUp();
    expect(recoveryCodes).toHaveLength(10);
    expect(await rowOf(theirs.session.id)).toMatchObject({ end_reason: "factor_changed" });
    expect((await resumeSession(token, new Date())).state).toBe("live");
    expect(await eventsOf(mine.session.id)).toEqual(["sign_in", "factor_added"]);
    expect((await mailsTo(mine.user.email)).map(({ kind }) => kind)).toEqual(["factor_added"]);
    const [row] = await rows("SELECT factors_changed_at FROM users WHERE id = ?", [mine.user.id]);
    expect(row?.factors_changed_at).toBeInstanceOf(Date);
  });

  it("MF-1: uses up the code that set it up", async () => {
    const { secret, after } = await setUp();
    const removed = await removeTotp(owner(after), codeOf(secret), new Date());
    expect(removed).toMatchObject({ refused: "wrong" });
  });

  it("MF-4: needs a fresh proof", async () => {
    await change(
      "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 16 MINUTE WHERE user_id = ?",
      [mine.user.id],
    );
    const { secret } = await beginTotp(mine, new Date());
    const adding = addTotp(owner(), { secret, code: codeOf(secret) }, new Date());
    await expect(adding).rejects.toMatchObject({ name: "AuthorityLost", why: "proof_needed" });
  });

  it("MF-4: needs a factor in that proof where there is one", async () => {
    const since = "factors_changed_at = UTC_TIMESTAMP(3)";
    await change(`UPDATE users SET ${since} WHERE id = ?`, [mine.user.id]);
    const { secret } = await beginTotp(mine, new Date());
    const adding = addTotp(owner(), { secret, code: codeOf(secret) }, new Date());
    await expect(adding).rejects.toMatchObject({ name: "AuthorityLost", why: "proof_needed" });
  });

  it("of two at once one is set up", async () => {
    const begun = await Promise.all([beginTotp(mine, new Date()), beginTotp(mine, new Date())]);
    const done = await Promise.allSettled(
      begun.map(({ secret }) => addTotp(owner(), { secret, code: codeOf(secret) }, new Date())),
    );
    const added = done.filter((each) => each.status === "fulfilled" && !("refused" in each.value));
    expect(added).toHaveLength(1);
  });

  it("MF-25: a sign-in whose password was right before it was there begins no session", async () => {
    await setUp();
    await expect(signedIn({ user: mine.user })).rejects.toThrow(/refused/);
  });

  it("a second one is not set up beside it", async () => {
    const { after } = await setUp();
    const { secret } = await beginTotp(mine, new Date());
    const again = await addTotp(owner(after), { secret, code: codeOf(secret) }, new Date());
    expect(again).toEqual({ refused: "factor_there" });
  });

  it("MF-21: what a form sends back is this session's, for an hour", async () => {
    const now = new Date();
    const { sealed, secret } = await beginTotp(mine, now);
    expect(await openTotpSetUp(mine, sealed, now)).toMatchObject({ secret });
    expect(await openTotpSetUp(theirs, sealed, now)).toBeNull();
    expect(await openTotpSetUp(await signedIn(), sealed, now)).toBeNull();
    expect(await openTotpSetUp(mine, sealed.replace("*", "*0"), now)).toBeNull();
    expect(await openTotpSetUp(mine, "", now)).toBeNull();
    const late = new Date(now.getTime() + 3_601_000);
    expect(await openTotpSetUp(mine, sealed, late)).toBeNull();
  });
});

describe("removing it", () => {
  it("MF-4: takes a code, ends the others, takes the recovery codes along, and tells its owner", async () => {
    const { secret, after } = await setUp();
    await given(removeTotp(owner(after), codeOf(secret, next()), next()));
    expect(await factorsOf(mine.user.id)).toMatchObject({ totpSince: null, recoveryCodes: 0 });
    expect((await mailsTo(mine.user.email))[0]?.kind).toBe("factor_removed");
    const [row] = await rows("SELECT factors_changed_at FROM users WHERE id = ?", [mine.user.id]);
    expect(row?.factors_changed_at).toBeNull();
  });

  it("MF-4: takes a recovery code, too, and no password", async () => {
    const { recoveryCodes, after } = await setUp();
    const wrong = await removeTotp(owner(after), "correct horse battery staple", new Date());
    expect(wrong).toMatchObject({ refused: "wrong" });
    await given(removeTotp(owner(after), recoveryCodes[3] ?? "", new Date()));
    expect(await factorsOf(mine.user.id)).toMatchObject({ totpSince: null });
  });
});

describe("new recovery codes", () => {
  it("MF-3: take a code, and the place of those before; this session gets a new secret", async () => {
    const { recoveryCodes, after } = await setUp();
    const renewed = await given(
      renewRecoveryCodes(owner(after), recoveryCodes[0] ?? "", new Date()),
    );
    expect(renewed.recoveryCodes).toHaveLength(10);
    expect(renewed.recoveryCodes).not.toContain(recoveryCodes[1]);
    const later = withToken(after, renewed.token);
    const old = await renewRecoveryCodes(owner(later), recoveryCodes[1] ?? "", new Date());
    expect(old).toMatchObject({ refused: "wrong" });
    expect((await mailsTo(mine.user.email)).map(({ kind }) => kind)).toContain(
      "recovery_codes_replaced",
    );
  });
});

import { afterAll, describe, expect, it } from "vitest";
import { changeOwnPassword } from "@/lib/auth/change-password";
import { changeUser } from "@/lib/auth/change-user";
import { proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { reauthenticate } from "@/lib/auth/reauthenticate";
import { WRONG } from "@/lib/auth/throttle";
import { inTransaction } from "@/lib/db/transaction";
import type { Role } from "@/lib/roles";
import { AuthorityLost } from "@/lib/session/authority";
import type { Token } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { renewSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import { PASSWORD } from "@/tests/helpers/people";
import { given, unlessWrong } from "../../support/given";
import {
  byPassword,
  CLIENT,
  eventsOf,
  rowOf,
  type SignedIn,
  setColumn,
  signedIn,
  withoutEvents,
  withToken,
} from "../../support/signed-in";
import { rows } from "../../support/sql";

afterAll(closeHashingThreads);

const NEW_PASSWORD = "another long enough password";
const GRACE_MS = 30_000;

const later = (time: Date, ms: number) => new Date(time.getTime() + ms);
const stateAt = async (token: Token, now: Date) => (await resumeSession(token, now)).state;
const renew = (it: SignedIn, now: Date) =>
  inTransaction((transaction) => renewSession(transaction, it, now));
const proof = (it: SignedIn, password = PASSWORD) => ({
  ...it,
  given: byPassword(password),
  client: CLIENT,
});
const lets = (it: SignedIn, password: string) =>
  unlessWrong(
    proveByName({ identifier: it.user.username, ...byPassword(password) }, CLIENT, new Date()),
  ).then((verified) => verified?.user ?? null);

/** The same time of sign-in for each, so that the times of a proof can be told from it. */
const signedInBefore = () => signedIn({ now: later(new Date(), -60_000) });

/** What gives a session that goes on a new secret. */
const ROTATIONS: [string, (it: SignedIn, now: Date) => Promise<Token | null>][] = [
  ["a fresh proof", (it, now) => given(reauthenticate(proof(it), now))],
  [
    "another role",
    async (it, now) => {
      await changeUser({ userId: it.user.id }, { role: "staff" }, now);
      return renew(it, now);
    },
  ],
];

describe.each(ROTATIONS)("after %s", (_, rotate) => {
  it("RO-5: the old secret is good for 30 seconds, to the millisecond; the new one goes on", async () => {
    const it = await signedIn();
    const now = new Date();
    const token = await given(rotate(it, now));
    expect(token).toMatchObject({ sessionId: it.session.id });
    expect(token.secret).not.toBe(it.token.secret);
    expect(await stateAt(it.token, later(now, GRACE_MS - 1))).toBe("live");
    expect(await stateAt(it.token, later(now, GRACE_MS))).toBe("rejected");
    expect(await stateAt(token, later(now, GRACE_MS))).toBe("live");
  });

  it("RO-5: 20 requests at once, with the old secret and the new one, are all let in", async () => {
    const it = await signedIn();
    const now = new Date();
    const token = await given(rotate(it, now));
    const both = Array.from({ length: 20 }, (_, n) => (n % 2 ? it.token : token));
    const states = await Promise.all(both.map((each) => stateAt(each, later(now, 1000))));
    expect(states).toEqual(Array.from({ length: 20 }, () => "live"));
  });

  it("RO-5: is refused to a session that is over, and revives nothing", async () => {
    const it = await signedIn();
    await endSessionById({ id: it.session.id, reason: "revoked" }, new Date());
    const row = await rowOf(it.session.id);
    expect(await orLost(rotate(it, new Date()))).toBeNull();
    expect(await rowOf(it.session.id)).toEqual(row);
    expect(await resumeSession(it.token, new Date())).toMatchObject({ reason: "revoked" });
  });
});

describe("reauthenticate", () => {
  it("AU-10: notes the time of the proof, with an event", async () => {
    const it = await signedInBefore();
    const now = new Date();
    await given(reauthenticate(proof(it), now));
    expect(await rowOf(it.session.id)).toMatchObject({
      authenticated_at: now,
      created_at: it.session.createdAt,
    });
    expect(await eventsOf(it.session.id)).toEqual(["sign_in", "reauthenticated"]);
  });

  it("notes how it was proved, once, beside what was noted before", async () => {
    const methods = async (token: Token) => {
      const resumed = await resumeSession(token, new Date());
      return resumed.state === "live" && resumed.session.methods;
    };
    const it = await signedIn();
    expect(await methods(it.token)).toEqual(["password"]);
    const again = await given(reauthenticate(proof(it), new Date()));
    expect(await methods(again)).toEqual(["password"]);
    // As one that began before this was noted.
    await setColumn(it.session.id, "method_list", "[]");
    expect(await methods(again)).toEqual([]);
    const changed = changeOwnPassword(proof(withToken(it, again)), NEW_PASSWORD, new Date());
    expect(await methods(await given(changed))).toEqual(["password"]);
  });

  it("AU-10: a wrong password changes nothing, and is in the log", async () => {
    const it = await signedInBefore();
    const row = await rowOf(it.session.id);
    expect(await reauthenticate(proof(it, `${PASSWORD} `), new Date())).toEqual(WRONG);
    expect(await rowOf(it.session.id)).toEqual(row);
    expect(await eventsOf(it.session.id)).toEqual(["sign_in", "sign_in_failed"]);
    expect(await stateAt(it.token, new Date())).toBe("live");
  });

  it("RO-1: leaves the user's other sessions as they are", async () => {
    const it = await signedIn();
    const other = await signedIn({ user: it.user });
    const row = await rowOf(other.session.id);
    await given(reauthenticate(proof(it), new Date()));
    expect(await rowOf(other.session.id)).toEqual(row);
  });
});

describe("changeOwnPassword", () => {
  it("RO-7: the old secret is dead at once", async () => {
    const it = await signedIn();
    const now = new Date();
    const token = await given(changeOwnPassword(proof(it), NEW_PASSWORD, now));
    expect([await stateAt(it.token, now), await stateAt(token, now)]).toEqual(["rejected", "live"]);
  });

  it("RO-7: so is the one before it, which had its grace until then", async () => {
    const it = await signedIn();
    const now = new Date();
    const second = await given(reauthenticate(proof(it), now));
    expect(await stateAt(it.token, now)).toBe("live");
    await given(changeOwnPassword(proof(withToken(it, second)), NEW_PASSWORD, now));
    expect([await stateAt(it.token, now), await stateAt(second, now)]).toEqual([
      "rejected",
      "rejected",
    ]);
  });

  it("RO-5: is refused to a session that is over, and revives nothing", async () => {
    const it = await signedIn();
    await endSessionById({ id: it.session.id, reason: "revoked" }, new Date());
    const row = await rowOf(it.session.id);
    expect(await orLost(given(changeOwnPassword(proof(it), NEW_PASSWORD, new Date())))).toBeNull();
    expect(await rowOf(it.session.id)).toEqual(row);
  });

  it("TE-7: the others end, this one goes on with a new secret, nobody else is touched", async () => {
    const it = await signedInBefore();
    const [other, stranger] = [await signedIn({ user: it.user }), await signedIn()];
    const now = new Date();
    const token = await given(changeOwnPassword(proof(it), NEW_PASSWORD, now));
    expect(await stateAt(token, now)).toBe("live");
    expect(await resumeSession(other.token, now)).toMatchObject({ reason: "password_changed" });
    expect(await stateAt(stranger.token, now)).toBe("live");
    expect((await rowOf(it.session.id))?.authenticated_at).toEqual(now);
    expect(await eventsOf(it.session.id)).toEqual(["sign_in", "password_changed"]);
    expect(await eventsOf(other.session.id)).toEqual([
      "sign_in",
      "session_revoked password_changed",
    ]);
  });

  it("TE-7: from then on the new password lets in, and the old one does not", async () => {
    const it = await signedIn();
    await given(changeOwnPassword(proof(it), NEW_PASSWORD, new Date()));
    expect(await lets(it, NEW_PASSWORD)).toMatchObject({ id: it.user.id });
    expect(await lets(it, PASSWORD)).toBeNull();
  });

  it("PW-6: a wrong old password changes nothing", async () => {
    const it = await signedInBefore();
    const other = await signedIn({ user: it.user });
    const row = await rowOf(it.session.id);
    expect(await changeOwnPassword(proof(it, "wrong"), NEW_PASSWORD, new Date())).toEqual(WRONG);
    expect(await rowOf(it.session.id)).toEqual(row);
    expect(await stateAt(other.token, new Date())).toBe("live");
    expect(await lets(it, PASSWORD)).toMatchObject({ id: it.user.id });
  });

  it("PW-1: a new password that breaks a rule changes nothing", async () => {
    const it = await signedInBefore();
    const row = await rowOf(it.session.id);
    const change = await changeOwnPassword(proof(it), "too short", new Date());
    expect(change).toMatchObject({ refused: "unfit_password" });
    expect(await rowOf(it.session.id)).toEqual(row);
  });

  it("TE-7: of two sessions that change it at once, one goes on and the other has ended", async () => {
    const one = await signedIn();
    const two = await signedIn({ user: one.user });
    const words = [`${NEW_PASSWORD} 1`, `${NEW_PASSWORD} 2`];
    const tokens = await Promise.all(
      [one, two].map((it, n) =>
        orLost(given(changeOwnPassword(proof(it), words[n] ?? "", new Date()))),
      ),
    );
    const winner = tokens.findIndex((token) => token !== null);
    expect(tokens.filter((token) => token !== null)).toHaveLength(1);
    expect(await lets(one, words[winner] ?? "")).toMatchObject({ id: one.user.id });
    const live = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL", [
      one.user.id,
    ]);
    expect(live).toHaveLength(1);
  });
});

describe("changeUser", () => {
  const isDue = async ({ token }: SignedIn) => {
    const resumed = await resumeSession(token, new Date());
    return resumed.state === "live" ? resumed.session.isRotationDue : resumed.state;
  };

  it.each<Role>(["member", "staff", "admin"])(
    "RO-1: to %s marks every session of the user, and nobody else's",
    async (role) => {
      const before = role === "member" ? "staff" : "member";
      const [one, stranger] = [await signedIn({ role: before }), await signedIn()];
      const two = await signedIn({ user: one.user });
      expect([await isDue(one), await isDue(two)]).toEqual([false, false]);
      await changeUser({ userId: one.user.id }, { role }, new Date());
      expect([await isDue(one), await isDue(two), await isDue(stranger)]).toEqual([
        true,
        true,
        false,
      ]);
    },
  );

  it("RO-1: the mark goes with the new secret, and no proof is noted", async () => {
    const it = await signedInBefore();
    await changeUser({ userId: it.user.id }, { role: "staff" }, new Date());
    const token = await given(renew(it, new Date()));
    expect(await isDue({ ...it, token })).toBe(false);
    expect((await rowOf(it.session.id))?.authenticated_at).toEqual(it.session.authenticatedAt);
  });

  it("RO-1: any other new secret takes the mark, too", async () => {
    const it = await signedIn();
    await changeUser({ userId: it.user.id }, { role: "staff" }, new Date());
    const token = await given(reauthenticate(proof(it), new Date()));
    expect(await isDue({ ...it, token })).toBe(false);
    expect(await renew(it, new Date())).toBeNull();
  });

  it("RO-7: where one is due again, the copy from before gets none, and the right browser does", async () => {
    const it = await signedIn();
    const now = new Date();
    const token = await given(reauthenticate(proof(it), now));
    await changeUser({ userId: it.user.id }, { role: "staff" }, now);
    expect(await renew(it, now)).toBeNull();
    expect(await stateAt(token, now)).toBe("live");
    expect(await renew(withToken(it, token), now)).not.toBeNull();
  });

  it("RO-1: without a mark there is no new secret", async () => {
    const it = await signedIn();
    const row = await rowOf(it.session.id);
    expect(await renew(it, new Date())).toBeNull();
    expect(await rowOf(it.session.id)).toEqual(row);
  });

  it("RO-5: of 20 requests at once one gets the new secret, and the old one serves the others", async () => {
    const it = await signedIn();
    await changeUser({ userId: it.user.id }, { role: "staff" }, new Date());
    const now = new Date();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => renew(it, now)));
    const [token, ...more] = tokens.filter((each) => each !== null);
    expect(more).toEqual([]);
    expect(await stateAt(it.token, later(now, GRACE_MS - 1))).toBe("live");
    expect(await stateAt(token ?? it.token, later(now, GRACE_MS))).toBe("live");
  });

  it("TE-12: the role, the marks and the event stand or fall together", async () => {
    const it = await signedIn();
    const by = { userId: it.user.id };
    await withoutEvents(() =>
      expect(changeUser(by, { role: "admin" }, new Date())).rejects.toThrow(),
    );
    expect(await isDue(it)).toBe(false);
    const [user] = await rows("SELECT role FROM users WHERE id = ?", [it.user.id]);
    expect(user?.role).toBe("member");
  });
});

/** Null where the session had ended when its new secret was to be written. */
async function orLost(token: Promise<Token | null>): Promise<Token | null> {
  return token.catch((error) => {
    if (error instanceof AuthorityLost) return null;
    throw error;
  });
}

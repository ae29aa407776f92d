import { afterAll, describe, expect, it } from "vitest";
import { changeOwnPassword, setPassword } from "@/lib/auth/change-password";
import { changeUser } from "@/lib/auth/change-user";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import type { EndReason } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { AuthorityLost } from "@/lib/session/authority";
import { endAllSessions, endSessionById, endSessions } from "@/lib/session/end";
import { rotateSession, touchSession } from "@/lib/session/lifecycle";
import { purgeSessions } from "@/lib/session/purge";
import { resumeSession } from "@/lib/session/resume";
import { writeSessionData } from "@/lib/session/write";
import { PASSWORD } from "@/tests/helpers/people";
import { given } from "../../support/given";
import { onEveryConnection } from "../../support/on-every-connection";
import {
  byPassword,
  CLIENT,
  DEVICE,
  eventsOf,
  METHODS,
  rowOf,
  type SignedIn,
  setColumn,
  signedIn,
  withoutEvents,
  withToken,
} from "../../support/signed-in";
import { change, idBytes, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

afterAll(closeHashingThreads);

const NEW_PASSWORD = "another long enough password";
const later = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);

/** What each reason is really caused by, and the event that tells of it. */
const VERBS: [EndReason, string, string, (it: SignedIn) => Promise<unknown>][] = [
  [
    "signed_out",
    "signing in over it",
    "sign_out signed_out",
    ({ session, user }) => signedIn({ user, replaced: [session.id] }),
  ],
  [
    "signed_out",
    "signing out",
    "sign_out signed_out",
    ({ session }) => end(session.id, "signed_out"),
  ],
  [
    "idle",
    "the purge",
    "session_expired idle",
    async ({ session }) => {
      await setColumn(session.id, "expires_at", new Date(Date.now() - 1));
      await purgeSessions(new Date());
    },
  ],
  [
    "idle",
    "the next request",
    "session_expired idle",
    async (it) => {
      await setColumn(it.session.id, "last_activity_at", later(new Date(), -15 * 86_400));
      await endAsNoticed(it);
    },
  ],
  [
    "absolute",
    "the purge",
    "session_expired absolute",
    async ({ session }) => {
      const past = new Date(Date.now() - 1);
      await setColumn(session.id, "expires_at", past);
      await setColumn(session.id, "absolute_expires_at", past);
      await purgeSessions(new Date());
    },
  ],
  [
    "absolute",
    "the next request",
    "session_expired absolute",
    async (it) => {
      await setColumn(it.session.id, "absolute_expires_at", new Date(Date.now() - 1));
      await endAsNoticed(it);
    },
  ],
  [
    "revoked",
    "ending all others",
    "session_revoked revoked",
    async ({ user }) => {
      const kept = await signedIn({ user });
      const others = { userId: user.id, except: kept.session.id };
      const end = { reason: "revoked", device: DEVICE } as const;
      await inTransaction((transaction) => endSessions(transaction, others, end, new Date()));
    },
  ],
  [
    "revoked_by_admin",
    "an operator",
    "session_revoked revoked_by_admin",
    ({ session }) => end(session.id, "revoked_by_admin"),
  ],
  [
    "password_changed",
    "an operator's new password",
    "session_revoked password_changed",
    ({ user }) => setPassword(user, NEW_PASSWORD, new Date()),
  ],
  [
    "password_changed",
    "a new password of one's own elsewhere",
    "session_revoked password_changed",
    async ({ user }) => {
      const here = await signedIn({ user });
      await changeOwnPassword(proofOf(here), NEW_PASSWORD, new Date());
    },
  ],
  [
    "user_disabled",
    "disabling the account",
    "session_revoked user_disabled",
    ({ user }) => changeUser({ userId: user.id }, { status: "disabled" }, new Date()),
  ],
  [
    "user_disabled",
    "the next request of an account disabled by SQL",
    "session_revoked user_disabled",
    async (it) => {
      await change("UPDATE users SET status = 'disabled' WHERE id = ?", [it.user.id]);
      await endAsNoticed(it);
    },
  ],
  [
    "limit",
    "one sign-in too many",
    "session_revoked limit",
    async ({ user }) => {
      const { startSession } = await underSettings(
        { SESSION_LIMIT_PER_USER: "1" },
        () => import("@/lib/session/lifecycle"),
      );
      await startSession(
        { user, methods: METHODS, persistent: false, device: DEVICE, replaced: [] },
        new Date(),
      );
    },
  ],
];

describe("every reason", () => {
  it.each(VERBS)(
    "TE-1: %s by %s: no hash, the reason, the event %s",
    async (reason, _, event, verb) => {
      const it = await signedIn();
      // With a secret of a rotation before, which must go as well.
      const token = await inTransaction((t) => rotateSession(t, it, new Date()));
      await verb(it);
      expect(await rowOf(it.session.id)).toMatchObject({
        secret_hash: null,
        former_secret_hash: null,
        former_secret_until: null,
        end_reason: reason,
        ended_at: expect.any(Date),
      });
      expect(await eventsOf(it.session.id)).toEqual(["sign_in", event]);
      for (const each of [it.token, token ?? it.token])
        expect(await resumeSession(each, new Date())).toMatchObject({ state: "over", reason });
    },
  );

  it.each(VERBS)(
    "TE-12: %s by %s: without its event %s there is no end",
    async (_, __, ___, verb) => {
      const it = await signedIn();
      await setColumn(it.session.id, "data", '{"a": 1}');
      await withoutEvents(() => expect(verb(it)).rejects.toThrow());
      expect(await rowOf(it.session.id)).toMatchObject({
        ended_at: null,
        end_reason: null,
        secret_hash: expect.any(Buffer),
        data: { a: 1 },
      });
    },
  );

  it("TE-9: reset by clearing all sessions: no hash, the reason, one event for all", async () => {
    const some = [await signedIn(), await signedIn()];
    await endAllSessions(new Date());
    for (const { session } of some) {
      expect(await rowOf(session.id)).toMatchObject({ secret_hash: null, end_reason: "reset" });
      expect(await eventsOf(session.id)).toEqual(["sign_in"]);
    }
    const [event] = await rows(
      "SELECT type, session_id, detail FROM events ORDER BY id DESC LIMIT 1",
    );
    expect(event).toMatchObject({ type: "sessions_cleared", session_id: null });
    expect(event?.detail).toMatchObject({ reason: "reset" });
  });

  it("TE-12: reset: without its event nobody's session ends", async () => {
    const { session, token } = await signedIn();
    await withoutEvents(() => expect(endAllSessions(new Date())).rejects.toThrow());
    expect((await resumeSession(token, new Date())).state).toBe("live");
    expect((await rowOf(session.id))?.end_reason).toBeNull();
  });
});

describe("a session that ran out", () => {
  it("ended when its time was up, not when that was noticed", async () => {
    const it = await signedIn();
    const past = later(new Date(), -3600);
    await setColumn(it.session.id, "expires_at", past);
    await endAsNoticed(it);
    expect((await rowOf(it.session.id))?.ended_at).toEqual(past);
  });
});

describe("changeUser", () => {
  it("TE-6: ends every session of the user, says who did it, and leaves others alone", async () => {
    const [one, stranger] = [await signedIn(), await signedIn()];
    const admin = await signedIn({ role: "admin" });
    const two = await signedIn({ user: one.user });
    const by = { userId: one.user.id, actor: admin };
    const { ended } = await given(changeUser(by, { status: "disabled" }, new Date()));
    expect(ended).toBe(2);
    const found = await rows(
      "SELECT type, actor_id FROM events WHERE user_id = ? AND type <> 'sign_in' ORDER BY id",
      [one.user.id],
    );
    const revoked = { type: "session_revoked", actor_id: admin.user.id };
    expect(found).toEqual([{ type: "user_disabled", actor_id: admin.user.id }, revoked, revoked]);
    expect((await rowOf(two.session.id))?.end_reason).toBe("user_disabled");
    expect((await resumeSession(stranger.token, new Date())).state).toBe("live");
  });

  it("TE-6: enabling brings no session back", async () => {
    const { user, token } = await signedIn();
    await changeUser({ userId: user.id }, { status: "disabled" }, new Date());
    const enabled = await given(changeUser({ userId: user.id }, { status: "active" }, new Date()));
    expect(enabled.ended).toBe(0);
    expect(await resumeSession(token, new Date())).toMatchObject({ reason: "user_disabled" });
    expect((await resumeSession((await signedIn({ user })).token, new Date())).state).toBe("live");
  });
});

describe("what comes late", () => {
  const MANY = Array.from({ length: 50 }, (_, n) => n);

  it("TE-11: 50 touches, 50 writes, 50 rotations and 5 changes of role beside an end revive nothing", async () => {
    const it = await signedIn();
    const { session, user } = it;
    const touches = MANY.map((n) => () => {
      return touchSession(session, user, DEVICE, later(session.createdAt, 61 * (n + 1)));
    });
    const writes = MANY.map((n) => () => writeSessionData(session.id, { [`k${n}`]: n }));
    let latest = it;
    const rotations = MANY.map(() => async () => {
      const token = await inTransaction((t) => rotateSession(t, latest, new Date()));
      if (token) latest = withToken(it, token);
      return token;
    });
    const roles = MANY.slice(0, 5).map(() => () => {
      return changeUser({ userId: user.id }, { role: "staff" }, new Date());
    });
    const endNow = () => end(session.id, "revoked");
    // Mixed, with the end somewhere in the middle.
    const all = MANY.flatMap((n) => {
      const some = [touches[n], writes[n], rotations[n], roles[n]].filter(
        (work) => work !== undefined,
      );
      return n === 20 ? [...some, endNow] : some;
    });
    const outcomes = await onEveryConnection<unknown>(all);
    expect(outcomes).toContain(true);
    const row = await rowOf(session.id);
    expect(row).toMatchObject({
      end_reason: "revoked",
      secret_hash: null,
      former_secret_hash: null,
      former_secret_until: null,
    });
    for (const work of [...touches, ...writes, ...rotations]) expect(await work()).toBeFalsy();
    expect(await rowOf(session.id)).toEqual(row);
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
    expect(await resumeSession(it.token, new Date())).toMatchObject({ state: "over" });
  });

  it("TE-11: a change of role marks no session that is over", async () => {
    const { session, user } = await signedIn();
    await end(session.id, "revoked");
    const ended = await rowOf(session.id);
    await changeUser({ userId: user.id }, { role: "admin" }, new Date());
    expect(await rowOf(session.id)).toEqual(ended);
  });

  it("TE-11: a session that was ended while its password change was under way changes nothing", async () => {
    const it = await signedIn();
    const other = await signedIn({ user: it.user });
    await end(it.session.id, "revoked_by_admin");
    const [before] = await rows("SELECT * FROM users WHERE id = ?", [it.user.id]);
    const change = changeOwnPassword(proofOf(it), NEW_PASSWORD, new Date());
    await expect(change).rejects.toBeInstanceOf(AuthorityLost);
    expect(await rows("SELECT * FROM users WHERE id = ?", [it.user.id])).toEqual([before]);
    expect((await resumeSession(other.token, new Date())).state).toBe("live");
    const found = await rows("SELECT type FROM events WHERE session_id = ? ORDER BY id", [
      idBytes(it.session.id),
    ]);
    expect(found.map(({ type }) => type)).toEqual(["sign_in", "session_revoked"]);
  });
});

function end(id: string, reason: EndReason): Promise<boolean> {
  return endSessionById({ id, reason, device: DEVICE }, new Date());
}

/** What a request does that finds a session over, before the row says so. */
async function endAsNoticed({ token }: SignedIn): Promise<void> {
  const now = new Date();
  const found = await resumeSession(token, now);
  if (found.state !== "over" || found.isRecorded) throw new Error(`it is ${found.state}`);
  const { sessionId: id, reason, endedAt } = found;
  await endSessionById({ id, reason, endedAt }, now);
}

function proofOf(it: SignedIn) {
  return { ...it, given: byPassword(PASSWORD), client: CLIENT };
}

import { afterAll, describe, expect, it } from "vitest";
import { changeOwnPassword, setTemporaryPassword } from "@/lib/auth/change-password";
import { addUser, changeUser } from "@/lib/auth/change-user";
import { passwordForAnother } from "@/lib/auth/password";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { reauthenticate } from "@/lib/auth/reauthenticate";
import { inTransaction } from "@/lib/db/transaction";
import {
  type Actor,
  type Authority,
  type AuthorityLost,
  judgeActor,
} from "@/lib/session/authority";
import { endSessionById, endSessionsBy } from "@/lib/session/end";
import { rotateSession } from "@/lib/session/lifecycle";
import { PASSWORD } from "@/tests/helpers/people";
import { given } from "../../support/given";
import {
  changedMeanwhile,
  SECRET_DEAD,
  SECRET_REPLACED,
  userChangedMeanwhile,
} from "../../support/held-row";
import {
  byPassword,
  CLIENT,
  DEVICE,
  METHODS,
  type SignedIn,
  setColumn,
  signedIn,
  withToken,
} from "../../support/signed-in";
import { change, idBytes, number, rows } from "../../support/sql";

afterAll(closeHashingThreads);

const MINUTE_MS = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const judged = (actor: Actor, asked: Authority = {}, now = new Date()) =>
  inTransaction((transaction) => judgeActor(transaction, actor, asked, now));
const lost = (why: AuthorityLost["why"]) => expect.objectContaining({ name: "AuthorityLost", why });

describe("judgeActor", () => {
  it("gives the user as they are by now, not as the guard had read them", async () => {
    const it = await signedIn({ role: "admin" });
    await change("UPDATE users SET name = 'New' WHERE id = ?", [it.user.id]);
    const user = await judged(it, { role: "admin", recentProof: true });
    expect(user).toEqual({ ...it.user, name: "New" });
  });

  it("a role lets do what the ones below it may", async () => {
    expect(await judged(await signedIn({ role: "admin" }), { role: "staff" })).toBeTruthy();
    const staff = judged(await signedIn({ role: "staff" }), { role: "admin" });
    await expect(staff).rejects.toEqual(lost("not_allowed"));
  });

  it("a session that is over in any way is none", async () => {
    const [ended, idle, old] = await Promise.all([signedIn(), signedIn(), signedIn()]);
    await endSessionById({ id: ended.session.id, reason: "revoked" }, new Date());
    await setColumn(idle.session.id, "expires_at", ago(1));
    await setColumn(old.session.id, "absolute_expires_at", ago(1));
    for (const it of [ended, idle, old])
      await expect(judged(it)).rejects.toEqual(lost("signed_out"));
  });

  it("a session of somebody else, of nobody, and a user who is gone are none", async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    await expect(judged({ ...one, user: two.user })).rejects.toEqual(lost("signed_out"));
    await change("DELETE FROM sessions WHERE id = ?", [idBytes(one.session.id)]);
    await change("DELETE FROM users WHERE id = ?", [two.user.id]);
    for (const it of [one, two]) await expect(judged(it)).rejects.toEqual(lost("signed_out"));
  });

  it("RO-7: of a session's secrets the present one alone acts", async () => {
    const it = await signedIn({ role: "admin" });
    const now = new Date();
    const rotation = { provenBy: METHODS };
    const token = await inTransaction((transaction) =>
      rotateSession(transaction, it, now, rotation),
    );
    if (!token) throw new Error("the session was over");
    for (const asked of [{}, { role: "admin", recentProof: true }] as const) {
      await expect(judged(it, asked)).rejects.toEqual(lost("secret_replaced"));
      expect(await judged(withToken(it, token), asked)).toBeTruthy();
    }
  });

  it("a proof counts for 15 minutes, to the millisecond", async () => {
    const it = await signedIn({ now: ago(MINUTE_MS) });
    const until = it.session.authenticatedAt.getTime() + 15 * MINUTE_MS;
    expect(await judged(it, { recentProof: true }, new Date(until - 1))).toBeTruthy();
    const late = judged(it, { recentProof: true }, new Date(until));
    await expect(late).rejects.toEqual(lost("proof_needed"));
    expect(await judged(it, {}, new Date(until))).toBeTruthy();
  });
});

interface Scene {
  readonly actor: SignedIn;
  /** Another session of the actor. */
  readonly own: SignedIn;
  /** Somebody else. */
  readonly other: SignedIn;
}

type Need = "role" | "proof" | "password";
type Act = [name: string, needs: readonly Need[], act: (scene: Scene) => Promise<unknown>];

const by = ({ actor }: Scene) => ({ actor, device: DEVICE });
const proof = ({ actor }: Scene) => ({ ...actor, given: byPassword(PASSWORD), client: CLIENT });
const now = () => new Date();
const newcomer = () => {
  const username = `n${Math.random().toString(36).slice(2)}`;
  return { username, email: `${username}@example.com`, name: "", role: "admin" } as const;
};

function endBy(
  as: "owner" | "staff",
  which: (scene: Scene) => Parameters<typeof endSessionsBy>[1],
) {
  return (scene: Scene) => endSessionsBy({ ...by(scene), as }, which(scene), now());
}

/** Whatever changes people, others' sessions and credentials. */
const ACTS: Act[] = [
  [
    "addUser",
    ["role", "proof"],
    async (scene) => addUser(newcomer(), await given(passwordForAnother()), by(scene), now()),
  ],
  [
    "changeUser",
    ["role", "proof"],
    (scene) => changeUser({ userId: scene.other.user.id, ...by(scene) }, { role: "admin" }, now()),
  ],
  [
    "all of a user's sessions",
    ["role", "proof"],
    endBy("staff", ({ other }) => ({ userId: other.user.id })),
  ],
  [
    "named sessions",
    ["role", "proof"],
    endBy("staff", ({ other }) => ({ ids: [other.session.id] })),
  ],
  ["another own session", ["proof"], endBy("owner", ({ own }) => ({ ids: [own.session.id] }))],
  [
    "all other own sessions",
    ["proof"],
    endBy("owner", ({ actor }) => ({ except: actor.session.id })),
  ],
  [
    "setTemporaryPassword",
    ["role", "proof"],
    async (scene) =>
      setTemporaryPassword(
        scene.other.user.id,
        await given(passwordForAnother()),
        by(scene),
        now(),
      ),
  ],
  ["reauthenticate", ["password"], (scene) => reauthenticate(proof(scene), now())],
  [
    "changeOwnPassword",
    ["password"],
    (scene) => changeOwnPassword(proof(scene), "another long enough password", now()),
  ],
];

interface Loss {
  readonly what: string;
  readonly why: AuthorityLost["why"];
  /** Which acts that stops; all where it is left out. */
  readonly stops?: Need;
  readonly during: (scene: Scene, act: () => Promise<unknown>) => Promise<unknown>;
}

const ENDED = (reason: string) =>
  `ended_at = UTC_TIMESTAMP(3), end_reason = '${reason}', secret_hash = NULL`;
const AGED = "authenticated_at = authenticated_at - INTERVAL 1 HOUR";
const onSession = (assignment: string) => (scene: Scene, act: () => Promise<unknown>) =>
  changedMeanwhile(scene.actor.session.id, assignment, act);
const onUser = (assignment: string) => (scene: Scene, act: () => Promise<unknown>) =>
  userChangedMeanwhile(scene.actor.user.id, assignment, act);

const LOSSES: Loss[] = [
  { what: "disabled", why: "signed_out", during: onUser("status = 'disabled'") },
  { what: "demoted", why: "not_allowed", stops: "role", during: onUser("role = 'member'") },
  { what: "signed out", why: "signed_out", during: onSession(ENDED("signed_out")) },
  { what: "revoked", why: "signed_out", during: onSession(ENDED("revoked_by_admin")) },
  {
    what: "of another password",
    why: "signed_out",
    stops: "password",
    during: onUser("password_hash = 'another'"),
  },
  // RO-7: else a copied cookie would act by the proof of its owner.
  { what: "whose secret was replaced", why: "secret_replaced", during: onSession(SECRET_REPLACED) },
  { what: "whose password was changed", why: "secret_replaced", during: onSession(SECRET_DEAD) },
  { what: "of an aged proof", why: "proof_needed", stops: "proof", during: onSession(AGED) },
];

describe.each(ACTS)("AZ-7: %s, judged on the rows that it holds", (_, needs, act) => {
  const stopping = LOSSES.filter(({ stops }) => stops === undefined || needs.includes(stops));

  it.each(stopping)("does nothing for an actor $what meanwhile", async ({ why, during }) => {
    const scene = await aScene();
    const before = await kept(scene);
    await expect(during(scene, () => act(scene))).rejects.toEqual(lost(why));
    expect(await kept(scene)).toEqual(before);
  });

  it("does it otherwise", async () => {
    const scene = await aScene();
    const before = await kept(scene);
    await onUser("name = 'New'")(scene, () => act(scene));
    expect(await kept(scene)).not.toEqual(before);
  });
});

async function aScene(): Promise<Scene> {
  const actor = await signedIn({ role: "admin", now: ago(MINUTE_MS) });
  return { actor, own: await signedIn({ user: actor.user }), other: await signedIn() };
}

/** All that an act of the scene might change, but for what takes the authority away. */
async function kept({ actor, own, other }: Scene) {
  return {
    people: await number("SELECT COUNT(*) FROM users"),
    passwords: await rows("SELECT password_set_at FROM users WHERE id = ?", [actor.user.id]),
    other: await rows("SELECT * FROM users WHERE id = ?", [other.user.id]),
    sessions: await rows("SELECT * FROM sessions WHERE id IN (?, ?) ORDER BY id", [
      idBytes(own.session.id),
      idBytes(other.session.id),
    ]),
    events: await number("SELECT COUNT(*) FROM events"),
  };
}

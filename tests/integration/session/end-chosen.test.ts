import { describe, expect, it } from "vitest";
import type { Role } from "@/lib/roles";
import { endSessionById, endSessionsBy } from "@/lib/session/end";
import { newSessionId } from "@/lib/session/token";
import { given } from "../../support/given";
import { userChangedMeanwhile } from "../../support/held-row";
import {
  DEVICE,
  eventsOf,
  rowOf,
  type SignedIn,
  signedIn,
  withoutEvents,
} from "../../support/signed-in";
import { idBytes, rows } from "../../support/sql";

const reasonOf = async (id: string) => (await rowOf(id))?.end_reason ?? null;
const owner = (actor: SignedIn) => ({ actor, device: DEVICE, as: "owner" }) as const;
const byStaff = (actor: SignedIn) => ({ actor, device: DEVICE, as: "staff" }) as const;
const endOther = async (id: string, actor: SignedIn) =>
  (await endSessionsBy(owner(actor), { ids: [id] }, new Date())).known > 0;
const endOthers = async (actor: SignedIn) =>
  (await endSessionsBy(owner(actor), { except: actor.session.id }, new Date())).ended;
const endAllOf = async (userId: number, actor: SignedIn) =>
  endSessionsBy(byStaff(actor), { userId }, new Date());
const endNamed = (ids: readonly string[], actor: SignedIn) =>
  endSessionsBy(byStaff(actor), { ids }, new Date());
const staff = () => signedIn({ role: "staff" });
const OUTRANKED = { refused: "outranked" };

describe("ending one's own", () => {
  it("TE-8: one ends with revoked, and its event", async () => {
    const here = await signedIn();
    const { session } = await signedIn({ user: here.user });
    expect(await endOther(session.id, here)).toBe(true);
    expect(await reasonOf(session.id)).toBe("revoked");
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
  });

  it("TE-10: another user's is like one that never was, and lives on", async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    expect(await endOther(theirs.session.id, mine)).toBe(false);
    expect(await endOther(newSessionId(new Date()), mine)).toBe(false);
    expect(await reasonOf(theirs.session.id)).toBeNull();
    expect(await eventsOf(theirs.session.id)).toEqual(["sign_in"]);
  });

  it("one that is over already keeps its reason", async () => {
    const here = await signedIn();
    const { session } = await signedIn({ user: here.user });
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    expect(await endOther(session.id, here)).toBe(true);
    expect(await reasonOf(session.id)).toBe("signed_out");
    expect(await eventsOf(session.id)).toHaveLength(2);
  });

  it("TE-8: all others end and this one stays", async () => {
    const kept = await signedIn();
    const others = [await signedIn({ user: kept.user }), await signedIn({ user: kept.user })];
    const stranger = await signedIn();
    expect(await endOthers(kept)).toBe(2);
    for (const { session } of others) expect(await reasonOf(session.id)).toBe("revoked");
    expect(await reasonOf(kept.session.id)).toBeNull();
    expect(await reasonOf(stranger.session.id)).toBeNull();
  });
});

describe("ending by staff", () => {
  it("TE-9: ends all of a user, and says who did it and from where", async () => {
    const [one, admin] = [await signedIn(), await staff()];
    const two = await signedIn({ user: one.user });
    expect(await endAllOf(one.user.id, admin)).toMatchObject({ ended: 2 });
    for (const { session } of [one, two]) {
      expect(await reasonOf(session.id)).toBe("revoked_by_admin");
      const [event] = await rows(
        "SELECT * FROM events WHERE session_id = ? ORDER BY id DESC LIMIT 1",
        [idBytes(session.id)],
      );
      expect(event).toMatchObject({
        type: "session_revoked",
        user_id: one.user.id,
        actor_id: admin.user.id,
        ip_address: DEVICE.ipAddress,
      });
    }
  });

  it("TE-9: ends those named of several users, each with an event of its own user", async () => {
    const [one, two, over, left] = await Promise.all(Array.from({ length: 4 }, () => signedIn()));
    if (!one || !two || !over || !left) throw new Error("four were started");
    await endSessionById({ id: over.session.id, reason: "signed_out" }, new Date());
    const ids = [one, two, over].map(({ session }) => session.id);
    const named = [...ids, newSessionId(new Date())];
    expect(await endNamed(named, await staff())).toEqual({ known: 3, ended: 2 });
    expect(await reasonOf(over.session.id)).toBe("signed_out");
    expect(await reasonOf(left.session.id)).toBeNull();
    for (const { session, user } of [one, two]) {
      expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked_by_admin"]);
      const [event] = await rows("SELECT user_id FROM events WHERE session_id = ? LIMIT 1", [
        idBytes(session.id),
      ]);
      expect(event?.user_id).toBe(user.id);
    }
  });

  it("naming none ends none", async () => {
    expect(await endNamed([], await staff())).toEqual({ known: 0, ended: 0 });
  });

  it("TE-12: where the events cannot be written nothing has ended", async () => {
    const [{ session }, actor] = [await signedIn(), await staff()];
    await withoutEvents(() => expect(endNamed([session.id], actor)).rejects.toThrow());
    expect(await reasonOf(session.id)).toBeNull();
  });

  it("two administrators who name the same sessions end each once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => signedIn()));
    const ids = all.map(({ session }) => session.id);
    const actors = [await staff(), await signedIn({ role: "admin" })] as const;
    const [one, two] = await Promise.all([
      endNamed(ids, actors[0]),
      endNamed(ids.toReversed(), actors[1]),
    ]);
    expect((await given(one)).ended + (await given(two)).ended).toBe(10);
    for (const id of ids) expect(await eventsOf(id)).toHaveLength(2);
  });
});

describe("AZ-8: one acts only on people of one's own role or lower", () => {
  const ROLES = ["member", "staff", "admin"] as const;
  const PAIRS = ROLES.slice(1).flatMap((actor) => ROLES.map((target) => [actor, target] as const));
  const mayAct = (actor: Role, target: Role) => ROLES.indexOf(actor) >= ROLES.indexOf(target);

  it.each(PAIRS)("%s on %s, one session and all of them", async (role, target) => {
    const [actor, one] = [await signedIn({ role }), await signedIn({ role: target })];
    const two = await signedIn({ user: one.user });
    const outcomes = [await endNamed([one.session.id], actor), await endAllOf(one.user.id, actor)];
    if (mayAct(role, target)) {
      expect(outcomes).toEqual([
        { known: 1, ended: 1 },
        { known: 1, ended: 1 },
      ]);
      return;
    }
    expect(outcomes).toEqual([OUTRANKED, OUTRANKED]);
    for (const { session } of [one, two]) {
      expect(await reasonOf(session.id)).toBeNull();
      expect(await eventsOf(session.id)).toEqual(["sign_in"]);
    }
  });

  it("of several, one of a higher role keeps them all", async () => {
    const [member, admin] = [await signedIn(), await signedIn({ role: "admin" })];
    const ids = [member, admin].map(({ session }) => session.id);
    expect(await endNamed(ids, await staff())).toEqual(OUTRANKED);
    for (const id of ids) expect(await reasonOf(id)).toBeNull();
  });

  it.each(["endNamed", "endAllOf"])("%s sees who was promoted meanwhile", async (name) => {
    const [actor, { session, user }] = [await staff(), await signedIn()];
    const end = (): Promise<unknown> =>
      name === "endNamed" ? endNamed([session.id], actor) : endAllOf(user.id, actor);
    const promoted = await userChangedMeanwhile(user.id, "role = 'admin'", end);
    expect(promoted).toEqual(OUTRANKED);
    expect(await reasonOf(session.id)).toBeNull();
  });

  it("two who end one another's at once both get an answer, and one of them is out", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await staff(), await staff()];
      const done = await Promise.allSettled([
        endNamed([two.session.id], one),
        endAllOf(one.user.id, two),
      ]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [lost] = done.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
      expect(lost).toMatchObject({ name: "AuthorityLost", why: "signed_out" });
    }
  });
});

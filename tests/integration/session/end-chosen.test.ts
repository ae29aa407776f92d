import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { endAllOf, endNamed, endOtherOf, endOthersOf } from "@/lib/session/end-chosen";
import { newSessionId } from "@/lib/session/token";
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
const by = (actor: SignedIn) => ({ actor, device: DEVICE });
const staff = () => signedIn({ role: "staff" });

describe("ending one's own", () => {
  it("TE-8: one ends with revoked, and its event", async () => {
    const here = await signedIn();
    const { session } = await signedIn({ user: here.user });
    expect(await endOtherOf(session.id, by(here), new Date())).toBe(true);
    expect(await reasonOf(session.id)).toBe("revoked");
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
  });

  it("TE-10: another user's is like one that never was, and lives on", async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    expect(await endOtherOf(theirs.session.id, by(mine), new Date())).toBe(false);
    expect(await endOtherOf(newSessionId(new Date()), by(mine), new Date())).toBe(false);
    expect(await reasonOf(theirs.session.id)).toBeNull();
    expect(await eventsOf(theirs.session.id)).toEqual(["sign_in"]);
  });

  it("one that is over already keeps its reason", async () => {
    const here = await signedIn();
    const { session } = await signedIn({ user: here.user });
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    expect(await endOtherOf(session.id, by(here), new Date())).toBe(true);
    expect(await reasonOf(session.id)).toBe("signed_out");
    expect(await eventsOf(session.id)).toHaveLength(2);
  });

  it("TE-8: all others end and this one stays", async () => {
    const kept = await signedIn();
    const others = [await signedIn({ user: kept.user }), await signedIn({ user: kept.user })];
    const stranger = await signedIn();
    expect(await endOthersOf(by(kept), new Date())).toBe(2);
    for (const { session } of others) expect(await reasonOf(session.id)).toBe("revoked");
    expect(await reasonOf(kept.session.id)).toBeNull();
    expect(await reasonOf(stranger.session.id)).toBeNull();
  });
});

describe("ending by staff", () => {
  it("TE-9: ends all of a user, and says who did it and from where", async () => {
    const [one, admin] = [await signedIn(), await staff()];
    const two = await signedIn({ user: one.user });
    expect(await endAllOf(one.user.id, by(admin), new Date())).toBe(2);
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
    expect(await endNamed(named, by(await staff()), new Date())).toEqual({ known: 3, ended: 2 });
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
    expect(await endNamed([], by(await staff()), new Date())).toEqual({ known: 0, ended: 0 });
  });

  it("TE-12: where the events cannot be written nothing has ended", async () => {
    const [{ session }, actor] = [await signedIn(), await staff()];
    await withoutEvents(() =>
      expect(endNamed([session.id], by(actor), new Date())).rejects.toThrow(),
    );
    expect(await reasonOf(session.id)).toBeNull();
  });

  it("two administrators who name the same sessions end each once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => signedIn()));
    const ids = all.map(({ session }) => session.id);
    const actors = [await staff(), await signedIn({ role: "admin" })] as const;
    const [one, two] = await Promise.all([
      endNamed(ids, by(actors[0]), new Date()),
      endNamed(ids.toReversed(), by(actors[1]), new Date()),
    ]);
    expect(one.ended + two.ended).toBe(10);
    for (const id of ids) expect(await eventsOf(id)).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { endAllOf, endNamed, endOneOf, endOthersOf } from "@/lib/session/end-chosen";
import { newSessionId } from "@/lib/session/token";
import { aUser, DEVICE, eventsOf, rowOf, signedIn, withoutEvents } from "../../support/signed-in";
import { idBytes, rows } from "../../support/sql";

const reasonOf = async (id: string) => (await rowOf(id))?.end_reason ?? null;
const own = (id: string) => ({ id, reason: "revoked", device: DEVICE }) as const;

describe("ending one's own", () => {
  it("TE-8: one ends with revoked, and its event", async () => {
    const { session, user } = await signedIn();
    expect(await endOneOf(user.id, own(session.id), new Date())).toBe(true);
    expect(await reasonOf(session.id)).toBe("revoked");
    expect(await eventsOf(session.id)).toEqual(["sign_in", "session_revoked revoked"]);
  });

  it("TE-10: another user's is like one that never was, and lives on", async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    expect(await endOneOf(mine.user.id, own(theirs.session.id), new Date())).toBe(false);
    expect(await endOneOf(mine.user.id, own(newSessionId(new Date())), new Date())).toBe(false);
    expect(await reasonOf(theirs.session.id)).toBeNull();
    expect(await eventsOf(theirs.session.id)).toEqual(["sign_in"]);
  });

  it("one that is over already keeps its reason", async () => {
    const { session, user } = await signedIn();
    await endSessionById({ id: session.id, reason: "signed_out" }, new Date());
    expect(await endOneOf(user.id, own(session.id), new Date())).toBe(true);
    expect(await reasonOf(session.id)).toBe("signed_out");
    expect(await eventsOf(session.id)).toHaveLength(2);
  });

  it("TE-8: all others end and this one stays", async () => {
    const kept = await signedIn();
    const others = [await signedIn({ user: kept.user }), await signedIn({ user: kept.user })];
    const stranger = await signedIn();
    const keep = { keep: kept.session.id, device: DEVICE };
    expect(await endOthersOf(kept.user.id, keep, new Date())).toBe(2);
    for (const { session } of others) expect(await reasonOf(session.id)).toBe("revoked");
    expect(await reasonOf(kept.session.id)).toBeNull();
    expect(await reasonOf(stranger.session.id)).toBeNull();
  });
});

describe("ending by an administrator", () => {
  it("TE-9: ends all of a user, and says who did it and from where", async () => {
    const [one, admin] = [await signedIn(), await aUser("admin")];
    const two = await signedIn({ user: one.user });
    const by = { actorId: admin.id, device: DEVICE };
    expect(await endAllOf(one.user.id, by, new Date())).toBe(2);
    for (const { session } of [one, two]) {
      expect(await reasonOf(session.id)).toBe("revoked_by_admin");
      const [event] = await rows(
        "SELECT * FROM events WHERE session_id = ? ORDER BY id DESC LIMIT 1",
        [idBytes(session.id)],
      );
      expect(event).toMatchObject({
        type: "session_revoked",
        user_id: one.user.id,
        actor_id: admin.id,
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
    expect(await endNamed(named, { actorId: 1 }, new Date())).toEqual({ known: 3, ended: 2 });
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
    expect(await endNamed([], { actorId: 1 }, new Date())).toEqual({ known: 0, ended: 0 });
  });

  it("TE-12: where the events cannot be written nothing has ended", async () => {
    const { session } = await signedIn();
    await withoutEvents(() =>
      expect(endNamed([session.id], { actorId: 1 }, new Date())).rejects.toThrow(),
    );
    expect(await reasonOf(session.id)).toBeNull();
  });

  it("two administrators who name the same sessions end each once", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => signedIn()));
    const ids = all.map(({ session }) => session.id);
    const [one, two] = await Promise.all([
      endNamed(ids, { actorId: 1 }, new Date()),
      endNamed(ids.toReversed(), { actorId: 2 }, new Date()),
    ]);
    expect(one.ended + two.ended).toBe(10);
    for (const id of ids) expect(await eventsOf(id)).toHaveLength(2);
  });
});

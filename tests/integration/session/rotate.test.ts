import { describe, expect, it } from "vitest";
import { inTransaction } from "@/lib/db/transaction";
import { endSessionById } from "@/lib/session/end";
import { rotateSession } from "@/lib/session/lifecycle";
import { resumeSession } from "@/lib/session/resume";
import {
  eventsOf,
  METHODS,
  rowOf,
  type SignedIn,
  setColumn,
  signedIn,
  withToken,
} from "../../support/signed-in";

const later = (time: Date, seconds: number, ms = 0) =>
  new Date(time.getTime() + seconds * 1000 + ms);

async function rotated(from: SignedIn, now: Date, provenBy?: typeof METHODS) {
  const token = await inTransaction((transaction) =>
    rotateSession(transaction, from, now, provenBy ? { provenBy } : {}),
  );
  if (!token) throw new Error("the session was over");
  return token;
}

describe("rotateSession", () => {
  it("RO-1: gives a new secret to the same session", async () => {
    const before = await signedIn();
    const now = new Date();
    const token = await rotated(before, now);
    expect(token.secret).not.toBe(before.token.secret);
    expect(token).toMatchObject({ ...before.token, secret: token.secret });
    expect(await resumeSession(token, now)).toMatchObject({
      state: "live",
      session: { id: before.session.id },
    });
  });

  it("RO-5: the old secret is good for 30 seconds more, for requests under way", async () => {
    const before = await signedIn();
    const now = new Date();
    await rotated(before, now);
    const states = await Promise.all(
      Array.from({ length: 20 }, () => resumeSession(before.token, later(now, 30, -1))),
    );
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["live"]));
  });

  it("RO-7: it is told from the present one, which alone may change something", async () => {
    const before = await signedIn();
    const now = new Date();
    const token = await rotated(before, now, METHODS);
    expect(await resumeSession(before.token, now)).toMatchObject({ token: "former" });
    expect(await resumeSession(token, now)).toMatchObject({ token: "present" });
  });

  it("RO-5: after that it is rejected, while the new one goes on", async () => {
    const before = await signedIn();
    const now = new Date();
    const token = await rotated(before, now);
    expect((await resumeSession(before.token, later(now, 30))).state).toBe("rejected");
    expect((await resumeSession(token, later(now, 30))).state).toBe("live");
  });

  it("RO-5: by the row's own time, as the database tells it", async () => {
    const before = await signedIn();
    await rotated(before, new Date());
    await setColumn(before.session.id, "former_secret_until", later(new Date(), -1));
    expect((await resumeSession(before.token, new Date())).state).toBe("rejected");
  });

  it("RO-5: of two rotations in a row, only the last secret before is still good", async () => {
    const first = await signedIn();
    const now = new Date();
    const second = await rotated(first, now);
    const third = await rotated(withToken(first, second), later(now, 1));
    const states = [first.token, second, third].map((token) => resumeSession(token, later(now, 2)));
    expect((await Promise.all(states)).map(({ state }) => state)).toEqual([
      "rejected",
      "live",
      "live",
    ]);
  });

  it("RO-7: a secret that was replaced gets no new one, in its grace or after it", async () => {
    const first = await signedIn();
    const now = new Date();
    const second = await rotated(first, now);
    const row = await rowOf(first.session.id);
    for (const late of [later(now, 1), later(now, 60)]) {
      const rotation = inTransaction((transaction) => rotateSession(transaction, first, late));
      expect(await rotation).toBeNull();
    }
    expect(await rowOf(first.session.id)).toEqual(row);
    expect((await resumeSession(second, later(now, 60))).state).toBe("live");
  });

  it("AU-10: notes when a password was given, and only then", async () => {
    const it = await signedIn();
    const token = await rotated(it, later(it.session.createdAt, 60));
    expect((await rowOf(it.session.id))?.authenticated_at).toEqual(it.session.createdAt);
    const given = later(it.session.createdAt, 120);
    await rotated(withToken(it, token), given, METHODS);
    expect((await rowOf(it.session.id))?.authenticated_at).toEqual(given);
  });

  it("TE-11: revives no session that has ended", async () => {
    const it = await signedIn();
    const { session, token } = it;
    await endSessionById({ id: session.id, reason: "revoked" }, new Date());
    const rotation = inTransaction((transaction) => rotateSession(transaction, it, new Date()));
    expect(await rotation).toBeNull();
    expect(await rowOf(session.id)).toMatchObject({ secret_hash: null, end_reason: "revoked" });
    expect(await resumeSession(token, new Date())).toMatchObject({ reason: "revoked" });
  });

  it("TE-1: an end within the grace ends the old secret, too", async () => {
    const it = await signedIn();
    const token = await rotated(it, new Date());
    await endSessionById({ id: it.session.id, reason: "signed_out" }, new Date());
    for (const each of [it.token, token])
      expect(await resumeSession(each, new Date())).toMatchObject({ state: "over" });
    expect(await rowOf(it.session.id)).toMatchObject({
      secret_hash: null,
      former_secret_hash: null,
      former_secret_until: null,
    });
  });

  it("is no event of its own: whoever calls for it says why", async () => {
    const it = await signedIn();
    await rotated(it, new Date());
    expect(await eventsOf(it.session.id)).toEqual(["sign_in"]);
  });
});

import { describe, expect, it } from "vitest";
import { changeUser } from "@/lib/auth/change-user";
import { eraseUser, exportUser } from "@/lib/auth/personal-data";
import { db } from "@/lib/db/connection";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import { endSessionById } from "@/lib/session/end";
import { aUser, DEVICE, signedIn } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

const AWAY = 9_999_999;

async function anAdministrator() {
  return aUser("admin");
}

const eventsOf = (userId: number) => rows("SELECT * FROM events WHERE user_id = ?", [userId]);
const userRow = (id: number) => rows("SELECT * FROM users WHERE id = ?", [id]);

describe("LG-5: what is kept of a person", () => {
  it("LG-5: is their account, their sessions and their events, and no hash", async () => {
    const one = await signedIn();
    const two = await signedIn({ user: one.user });
    const other = await signedIn();
    await endSessionById({ id: two.session.id, reason: "signed_out", device: DEVICE }, new Date());
    const data = await exportUser(one.user.id, new Date());
    expect(data?.account).toMatchObject({ username: one.user.username, email: one.user.email });
    const byId = new Map(data?.sessions.map((session) => [session.id, session.endReason]));
    expect([byId.get(one.session.id), byId.get(two.session.id)]).toEqual([null, "signed_out"]);
    expect(byId.size).toBe(2);
    expect(data?.events.map(({ type }) => type)).toEqual(["sign_out", "sign_in", "sign_in"]);
    const text = JSON.stringify(data);
    expect(text).not.toMatch(/hash|gatehouse1|secret/i);
    expect(text).not.toContain(other.session.id);
  });

  it("LG-5: is nothing of nobody", async () => {
    expect(await exportUser(AWAY, new Date())).toBeNull();
  });
});

describe("LG-5: erasing a person", () => {
  it("LG-5: takes the account and its sessions, and nobody else's", async () => {
    const { user } = await signedIn();
    await signedIn({ user });
    const other = await signedIn();
    expect(await eraseUser(user.id, new Date())).toEqual({ sessions: 2, events: 2 });
    expect(await userRow(user.id)).toEqual([]);
    expect(await number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [user.id])).toBe(0);
    expect(await userRow(other.user.id)).toHaveLength(1);
    expect(await eventsOf(other.user.id)).toMatchObject([{ ip_address: DEVICE.ipAddress }]);
  });

  it("LG-5: their events stay, with type, time and reason, and lead back to nobody", async () => {
    const { user, session } = await signedIn();
    await endSessionById({ id: session.id, reason: "revoked", device: DEVICE }, new Date());
    const detail = { reason: "revoked", name: user.name, request: "4711" };
    const event = {
      type: "user_updated",
      at: new Date(),
      userId: user.id,
      device: DEVICE,
    } as const;
    await recordEvents(db(), [{ ...event, sessionId: session.id, detail }]);
    const ids = (await eventsOf(user.id)).map(({ id }) => id);
    await eraseUser(user.id, new Date());
    const found = await rows(`SELECT * FROM events WHERE id IN (${ids.join()}) ORDER BY id`);
    expect(found.map(({ type }) => type)).toEqual(["sign_in", "session_revoked", "user_updated"]);
    for (const row of found) {
      expect(row).toMatchObject({ user_id: null, actor_id: null, session_id: null });
      expect(row).toMatchObject({ ip_address: "", user_agent: "", at: expect.any(Date) });
    }
    const details = found.map(({ detail }) =>
      typeof detail === "string" ? JSON.parse(detail) : detail,
    );
    expect(details).toEqual([{}, { reason: "revoked" }, { reason: "revoked" }]);
    expect(JSON.stringify(found)).not.toContain(user.name);
  });

  it("LG-5: what they did to others stays, and does not say who did it", async () => {
    const [admin, other] = [await signedIn({ role: "admin" }), await aUser()];
    const change = { userId: other.id, actor: admin, device: DEVICE };
    await changeUser(change, { name: "Renamed" }, new Date());
    await aUser("admin");
    await eraseUser(admin.user.id, new Date());
    expect(await eventsOf(other.id)).toMatchObject([
      { type: "user_updated", actor_id: null, ip_address: "", user_agent: "" },
    ]);
    expect(JSON.stringify((await eventsOf(other.id))[0]?.detail)).toContain("name");
  });

  it("LG-1: one event says that somebody was erased, and not who", async () => {
    const { user } = await signedIn();
    const before = await number("SELECT MAX(id) FROM events");
    await eraseUser(user.id, new Date());
    const found = await rows("SELECT * FROM events WHERE id > ?", [before]);
    expect(found).toMatchObject([{ type: "user_erased", user_id: null, actor_id: null }]);
    expect(JSON.stringify(found)).not.toContain(user.username);
  });

  it("LG-5: of thousands of events none is left", async () => {
    const { user } = await signedIn();
    await change(
      `INSERT INTO events (at, type, user_id, ip_address)
       WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 900)
       SELECT UTC_TIMESTAMP(3), 'sign_in_failed', ?, '192.0.2.9' FROM counted, (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) three`,
      [user.id],
    );
    expect(await eraseUser(user.id, new Date())).toEqual({ sessions: 1, events: 2701 });
    expect(await eventsOf(user.id)).toEqual([]);
    expect(await number("SELECT COUNT(*) FROM events WHERE ip_address = '192.0.2.9'")).toBe(0);
  });

  it("TE-12: where its event cannot be written, nothing is erased", async () => {
    const { user } = await signedIn();
    await change("DELETE FROM events WHERE type = 'user_erased'");
    await change("ALTER TABLE events ADD CONSTRAINT no_erasure CHECK (type <> 'user_erased')");
    try {
      await expect(eraseUser(user.id, new Date())).rejects.toThrow();
    } finally {
      await change("ALTER TABLE events DROP CONSTRAINT no_erasure");
    }
    expect(await userRow(user.id)).toHaveLength(1);
    expect(await eventsOf(user.id)).toMatchObject([{ ip_address: DEVICE.ipAddress }]);
  });

  it("AU-6: the last active administrator is not erased, and loses nothing", async () => {
    await change("UPDATE users SET status = 'disabled' WHERE role = 'admin'");
    const last = await anAdministrator();
    await signedIn({ user: last });
    expect(await eraseUser(last.id, new Date())).toMatchObject({ refused: "last_administrator" });
    expect(await eventsOf(last.id)).toMatchObject([{ ip_address: DEVICE.ipAddress }]);
    await anAdministrator();
    expect(await eraseUser(last.id, new Date())).toMatchObject({ sessions: 1 });
  });

  it("AU-6: of two administrators who are erased at once one stays", async () => {
    await change("UPDATE users SET status = 'disabled' WHERE role = 'admin'");
    const two = [await anAdministrator(), await anAdministrator()];
    const done = await Promise.all(two.map(({ id }) => eraseUser(id, new Date())));
    expect(done.filter(isRefused)).toMatchObject([{ refused: "last_administrator" }]);
    const isLeft = "SELECT COUNT(*) FROM users WHERE role = 'admin' AND status = 'active'";
    expect(await number(isLeft)).toBe(1);
  });

  it("says so where there is no such user", async () => {
    expect(await eraseUser(AWAY, new Date())).toEqual({ refused: "no_such_user", userId: AWAY });
  });
});

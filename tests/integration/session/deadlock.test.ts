import { createConnection } from "mysql2/promise";
import { expect, it } from "vitest";
import { touchSession } from "@/lib/session/lifecycle";
import { DEVICE, rowOf, signedIn } from "../../support/signed-in";
import { change, idBytes, number } from "../../support/sql";

it("RL-3: a touch that is the victim of a deadlock is written all the same", async () => {
  const { session, user } = await signedIn();
  const now = new Date(session.createdAt.getTime() + 3_600_000);
  const other = await createConnection({ uri: process.env.DATABASE_URL ?? "", timezone: "Z" });
  try {
    // The server rolls back whoever has done less.
    await change("CREATE TABLE work_done (n INT PRIMARY KEY)");
    await other.beginTransaction();
    const numbers = Array.from({ length: 500 }, (_, n) => `(${n})`);
    await other.query(`INSERT INTO work_done VALUES ${numbers.join()}`);
    // Where the touch will put the new end into the index of the times, after it has the row …
    await other.query(
      `SELECT expires_at FROM sessions FORCE INDEX (sessions_ended_expires)
       WHERE ended_at IS NULL AND expires_at > ? FOR UPDATE`,
      [session.expiresAt],
    );
    const touched = touchSession(session, user, DEVICE, now);
    await expect.poll(updating, { timeout: 1500, interval: 20 }).toBe(1);
    // … and that row: each waits for the other.
    await other.query("SELECT user_id FROM sessions WHERE id = ? FOR UPDATE", [
      idBytes(session.id),
    ]);
    await other.commit();
    expect(await touched).toBe(true);
    expect((await rowOf(session.id))?.last_activity_at).toEqual(now);
  } finally {
    await other.end();
  }
});

/** How many updates of sessions are under way in this test file's database. */
const updating = () =>
  number(
    `SELECT COUNT(*) FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE 'update%sessions%'`,
  );

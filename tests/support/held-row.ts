import { createConnection } from "mysql2/promise";
import { expect } from "vitest";
import { idBytes, number } from "./sql";

/**
 * Holds the lock of a session's row while `work` runs into it, then changes the row by this
 * assignment, and lets go: the change comes between what `work` had read and what it writes.
 */
export async function changedMeanwhile<T>(
  id: string,
  assignment: string,
  work: () => Promise<T>,
): Promise<T> {
  const connection = await createConnection({ uri: process.env.DATABASE_URL ?? "", timezone: "Z" });
  try {
    await connection.beginTransaction();
    await connection.query("SELECT id FROM sessions WHERE id = ? FOR UPDATE", [idBytes(id)]);
    const running = work();
    await expect.poll(waiting, { timeout: 1500, interval: 20 }).toBeGreaterThan(0);
    await connection.query(`UPDATE sessions SET ${assignment} WHERE id = ?`, [idBytes(id)]);
    await connection.commit();
    return await running;
  } finally {
    await connection.end();
  }
}

/** How many statements that lock rows are under way in this test file's database. */
const waiting = () =>
  number(
    `SELECT COUNT(*) FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%FOR UPDATE%'`,
  );

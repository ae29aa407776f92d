import { createConnection } from "mysql2/promise";
import { expect } from "vitest";
import { idBytes, number } from "./sql";

/** As a fresh proof of its owner leaves the row: the secret that was present is a former one. */
export const SECRET_REPLACED = `former_secret_hash = secret_hash,
  former_secret_until = UTC_TIMESTAMP(3) + INTERVAL 30 SECOND, secret_hash = UNHEX(SHA2(UUID(), 256))`;

/** As a change of the password leaves it. */
export const SECRET_DEAD = "secret_hash = UNHEX(SHA2(UUID(), 256))";

/**
 * Changes a session's row by this assignment and holds its lock until `work` has run into it: to
 * `work`, the change comes between what it had read and what it writes.
 */
export async function changedMeanwhile<T>(
  id: string,
  assignment: string,
  work: () => Promise<T>,
): Promise<T> {
  return rowChanged("sessions", idBytes(id), assignment, work);
}

/** Changes a user's row while something waits for it. */
export async function userChangedMeanwhile<T>(
  id: number,
  assignment: string,
  work: () => Promise<T>,
): Promise<T> {
  return rowChanged("users", id, assignment, work);
}

async function rowChanged<T>(
  table: "sessions" | "users",
  id: Buffer | number,
  assignment: string,
  work: () => Promise<T>,
): Promise<T> {
  const connection = await createConnection({ uri: process.env.DATABASE_URL ?? "", timezone: "Z" });
  try {
    await connection.beginTransaction();
    // Before `work` begins, which would else deadlock over an index; until the commit it reads as before.
    await connection.query(`UPDATE ${table} SET ${assignment} WHERE id = ?`, [id]);
    const running = work();
    // It may fail before the commit is known here; whoever awaits it below hears of it.
    running.catch(() => undefined);
    await expect.poll(waiting, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
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

import { change } from "./sql";

/** Puts so many sessions of a user into the table at once; they ran out, or ended, at those times. */
export async function manySessions(
  count: number,
  { userId, expiresAt, endedAt = null }: { userId: number; expiresAt: Date; endedAt?: Date | null },
): Promise<void> {
  const startedAt = new Date(expiresAt.getTime() - 60_000);
  await change(
    `INSERT INTO sessions (id, secret_hash, user_id, created_at, authenticated_at, last_activity_at,
       expires_at, absolute_expires_at, ended_at, end_reason)
     WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
     SELECT UNHEX(REPLACE(UUID(), '-', '')), IF(? IS NULL, REPEAT('x', 32), NULL), ?, ?, ?, ?,
       ?, ? + INTERVAL 1 DAY, ?, IF(? IS NULL, NULL, 'revoked') FROM counted`,
    [
      count,
      endedAt,
      userId,
      startedAt,
      startedAt,
      startedAt,
      expiresAt,
      expiresAt,
      endedAt,
      endedAt,
    ],
  );
}

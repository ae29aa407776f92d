import "server-only";
import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import { type EndReason, sessions } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { liveRow } from "@/lib/session/store";

/** Ends a live session: erases its hashes and writes down why. False when it was over already. */
export async function writeEnd(
  executor: Executor,
  id: string,
  reason: EndReason,
  now: Date,
): Promise<boolean> {
  const [result] = await executor.update(sessions).set(ended(reason, now)).where(liveRow(id));
  return result.affectedRows > 0;
}

/** Whose session this is; null when there is none. */
export async function findOwner(executor: Executor, id: string): Promise<number | null> {
  const [row] = await executor
    .select({ userId: sessions.userId })
    .from(sessions)
    .where(eq(sessions.id, id));
  return row?.userId ?? null;
}

/** Ends sessions by id; those that are over already keep their reason. */
export async function writeEnds(
  executor: Executor,
  ids: readonly string[],
  reason: EndReason,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await executor
    .update(sessions)
    .set(ended(reason, now))
    .where(and(inArray(sessions.id, [...ids]), isNull(sessions.endedAt)));
}

/** Ends every live session at once; how many. */
export async function writeEndOfAll(executor: Executor, reason: EndReason, now: Date) {
  const isLive = and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));
  const [result] = await executor.update(sessions).set(ended(reason, now)).where(isLive);
  return result.affectedRows;
}

/** The live sessions of a user, oldest activity first, locked until the transaction ends. */
export async function lockSessionsOfUser(executor: Executor, userId: number, now: Date) {
  const isTheirs = and(
    eq(sessions.userId, userId),
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
  );
  return executor
    .select({ id: sessions.id })
    .from(sessions)
    .where(isTheirs)
    .orderBy(asc(sessions.lastActivityAt), asc(sessions.id))
    .for("update");
}

function ended(reason: EndReason, now: Date) {
  return {
    endedAt: now,
    endReason: reason,
    secretHash: null,
    formerSecretHash: null,
    formerSecretUntil: null,
  };
}

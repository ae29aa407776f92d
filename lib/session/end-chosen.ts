import "server-only";
import { inTransaction } from "@/lib/db/transaction";
import { type End, endAll, endInTransaction, endSessionsOfUser } from "@/lib/session/end";
import { findOwner, lockNamed } from "@/lib/session/end-rows";

/** Who decides about somebody's sessions, and from where. */
type By = Pick<End, "actorId" | "device">;

/**
 * Ends one of a user's own sessions. False when it is not theirs or was never there; one that is
 * over already is as wanted.
 */
export async function endOneOf(userId: number, end: End, now: Date): Promise<boolean> {
  return inTransaction(async (transaction) => {
    if ((await findOwner(transaction, end.id)) !== userId) return false;
    await endInTransaction(transaction, end, now);
    return true;
  });
}

/** Ends a user's own sessions but `keep`; how many. */
export async function endOthersOf(
  userId: number,
  { keep, device }: Required<Pick<End, "device">> & { readonly keep: string },
  now: Date,
): Promise<number> {
  const end = { reason: "revoked", keep, device } as const;
  return inTransaction((transaction) => endSessionsOfUser(transaction, userId, end, now));
}

/** Ends every session of a user by an administrator's decision; how many. */
export async function endAllOf(userId: number, by: By, now: Date): Promise<number> {
  const end = { reason: "revoked_by_admin", ...by } as const;
  return inTransaction((transaction) => endSessionsOfUser(transaction, userId, end, now));
}

/**
 * Ends the named sessions, whoever's, by an administrator's decision. How many of them there are,
 * and how many ended now: those that were over already keep their reason.
 */
export async function endNamed(
  ids: readonly string[],
  by: By,
  now: Date,
): Promise<{ readonly known: number; readonly ended: number }> {
  return inTransaction(async (transaction) => {
    const named = await lockNamed(transaction, ids);
    const live = named.filter(({ endedAt }) => endedAt === null);
    await endAll(transaction, live, { reason: "revoked_by_admin", ...by }, now);
    return { known: named.length, ended: live.length };
  });
}

import "server-only";
import { db } from "@/lib/db/connection";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { endAll, endInTransaction, endSessionsOfUser } from "@/lib/session/end";
import { findOwner, findOwners, lockNamed } from "@/lib/session/end-rows";
import { lockAdministrators } from "@/lib/users/administrators";
import { mayActOn } from "@/lib/users/user";
import { lockUsers } from "@/lib/users/users";

/** Who decides about sessions, and from where. */
interface By {
  readonly actor: Actor;
  readonly device: Device;
}

/** Somebody is of a higher role than whoever wanted to act on them. */
export class Outranked extends Error {
  override readonly name = "Outranked";

  constructor() {
    super("You can act only on people of your own role or a lower one.");
  }
}

/**
 * Ends another of one's own sessions, after a fresh proof (ASVS 7.5.2). False when it is not theirs
 * or was never there; one that is over already is as wanted. Throws AuthorityLost.
 */
export async function endOtherOf(id: string, { actor, device }: By, now: Date): Promise<boolean> {
  return inTransaction(async (transaction) => {
    const { id: userId } = await judgeActor(transaction, actor, { recentProof: true }, now);
    if ((await findOwner(transaction, id)) !== userId) return false;
    await endInTransaction(transaction, { id, reason: "revoked", device }, now);
    return true;
  });
}

/** Ends one's own sessions but this one, after a fresh proof; how many. Throws AuthorityLost. */
export async function endOthersOf({ actor, device }: By, now: Date): Promise<number> {
  const end = { reason: "revoked", keep: actor.session.id, device } as const;
  return inTransaction(async (transaction) => {
    const { id } = await judgeActor(transaction, actor, { recentProof: true }, now);
    return endSessionsOfUser(transaction, id, end, now);
  });
}

/**
 * Ends every session of a user by the decision of staff; how many. Throws AuthorityLost and
 * Outranked.
 */
export async function endAllOf(userId: number, by: By, now: Date): Promise<number> {
  return inTransaction(async (transaction) => {
    const end = await endBy(transaction, by, [userId], now);
    return endSessionsOfUser(transaction, userId, end, now);
  });
}

/**
 * Ends the named sessions, whoever's, by the decision of staff. How many of them there are, and how
 * many ended now: those that were over already keep their reason. None ends when one of them is of
 * a higher role. Throws AuthorityLost and Outranked.
 */
export async function endNamed(
  ids: readonly string[],
  by: By,
  now: Date,
): Promise<{ readonly known: number; readonly ended: number }> {
  // A session never changes hands, so that nothing has to be held for this.
  const owners = await findOwners(db(), ids);
  return inTransaction(async (transaction) => {
    const end = await endBy(transaction, by, owners, now);
    const named = await lockNamed(transaction, ids);
    const live = named.filter(({ endedAt }) => endedAt === null);
    await endAll(transaction, live, end, now);
    return { known: named.length, ended: live.length };
  });
}

/** The end that staff decide about sessions of those users, once it is clear that they may. */
async function endBy(
  transaction: Transaction,
  { actor, device }: By,
  userIds: readonly number[],
  now: Date,
) {
  // As a change of a user locks them, or two who act on one another would deadlock.
  await lockAdministrators(transaction);
  const people = await lockUsers(transaction, [actor.user.id, ...userIds]);
  const user = await judgeActor(transaction, actor, { role: "staff", recentProof: true }, now);
  if (!people.every((person) => mayActOn(user, person))) throw new Outranked();
  return { reason: "revoked_by_admin", actorId: user.id, device } as const;
}

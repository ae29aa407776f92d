import "server-only";
import { db } from "@/lib/db/connection";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import {
  countKnown,
  countNotEnded,
  type End,
  endHeld,
  findLive,
  findOwners,
  lockLive,
  type Which,
  writeEnds,
} from "@/lib/session/end-rows";
import { type NoSuchUser, type Outranked, outranked } from "@/lib/users/refusals";
import { forgetEverybodysBrowsers, forgetKnownBrowsers } from "@/lib/users/sign-ins";
import { lockAdministrators, lockUser, lockUsers } from "@/lib/users/users";

const RESET_BATCH = 1000;

/** Ends one session. Ending what is over, or was never there, is success: false, and no event. */
export async function endSessionById(
  { id, ...end }: End & { readonly id: string },
  now: Date,
): Promise<boolean> {
  return (
    (await inTransaction((transaction) => endSessions(transaction, { ids: [id] }, end, now))) > 0
  );
}

/**
 * Ends the live sessions that match, each with its event, as a part of something larger: all of it
 * stands or falls together. How many. Where a user's are meant and not some by name, no browser is
 * known to them afterwards: whoever had a session may have tried with that browser, too. The one that
 * goes on gets a new mark.
 */
export async function endSessions(
  transaction: Transaction,
  which: Which,
  end: End,
  now: Date,
): Promise<number> {
  // Users before sessions, as a sign-in takes them.
  if (which.userId !== undefined && !which.ids)
    await forgetKnownBrowsers(transaction, which.userId, now);
  const live = await lockLive(transaction, which, now);
  await endHeld(transaction, live, end, now);
  return live.length;
}

/**
 * Ends every live session of everybody (`reset`), in batches, since one statement over millions of
 * rows would meet its time limit, and every browser's mark of being known. One event for all; how
 * many.
 */
export async function endAllSessions(now: Date): Promise<number> {
  let ended = await clearFirst(now);
  for (let ids = await findLive(now, RESET_BATCH); ids.length > 0; ) {
    const batch = ids;
    ended += await inTransaction((transaction) => writeEnds(transaction, batch, "reset", now));
    ids = await findLive(now, RESET_BATCH);
  }
  await forgetEverybodysBrowsers(now);
  return ended;
}

// The event goes with the first batch: where it cannot be written, nobody's session ends.
async function clearFirst(now: Date): Promise<number> {
  const sessions = await countNotEnded(now);
  const ids = await findLive(now, RESET_BATCH);
  return inTransaction(async (transaction) => {
    const detail = { reason: "reset", sessions };
    await recordEvents(transaction, [{ type: "sessions_cleared", at: now, detail }]);
    return writeEnds(transaction, ids, "reset", now);
  });
}

/** Who decides that sessions end, from where, and as what: their owner, or staff. */
export interface Decision {
  readonly actor: Actor;
  readonly device: Device;
  readonly as: "owner" | "staff";
}

/** What a decision came to. */
export interface Decided {
  /** How many of the sessions that were named there are; of a user's, how many ended. */
  readonly known: number;
  /** How many ended now: what was over already keeps its reason. */
  readonly ended: number;
}

/**
 * Ends sessions by somebody's decision, after a fresh proof (ASVS 7.5.2): of one's own those that
 * match, and as staff those of people of one's own role or a lower one. None ends when one of them is
 * of a higher role. Throws AuthorityLost.
 */
export async function endSessionsBy(
  by: Decision & { readonly as: "owner" },
  which: Which,
  now: Date,
): Promise<Decided>;
export async function endSessionsBy(
  by: Decision,
  which: Which,
  now: Date,
): Promise<Decided | Outranked | NoSuchUser>;
export async function endSessionsBy(
  by: Decision,
  which: Which,
  now: Date,
): Promise<Decided | Outranked | NoSuchUser> {
  // A session never changes hands, so that nothing has to be held for this.
  const owners = by.as === "owner" ? [] : await ownersOf(which);
  return inTransaction(async (transaction) => {
    const end = await (by.as === "owner"
      ? endOfOwner(transaction, by, now)
      : endOfStaff(transaction, by, owners, now));
    if (isRefused(end)) return end;
    const meant = by.as === "owner" ? { ...which, userId: by.actor.user.id } : which;
    const ended = await endSessions(transaction, meant, end, now);
    const nobody = ended === 0 ? await nobodyOf(transaction, which) : null;
    if (nobody) return nobody;
    const isTold = !meant.ids || ended === meant.ids.length;
    return { known: isTold ? ended : await countKnown(transaction, meant), ended };
  });
}

async function nobodyOf(transaction: Transaction, { userId }: Which): Promise<NoSuchUser | null> {
  const user = userId === undefined ? null : await lockUser(transaction, userId);
  return isRefused(user) ? user : null;
}

async function ownersOf({ userId, ids = [] }: Which): Promise<number[]> {
  return userId === undefined ? findOwners(db(), ids) : [userId];
}

async function endOfOwner(
  transaction: Transaction,
  { actor, device }: Decision,
  now: Date,
): Promise<End> {
  await judgeActor(transaction, actor, { recentProof: true }, now);
  return { reason: "revoked", device };
}

async function endOfStaff(
  transaction: Transaction,
  { actor, device }: Decision,
  owners: readonly number[],
  now: Date,
): Promise<End | Outranked> {
  // As a change of a user locks them, or two who act on one another would deadlock.
  await lockAdministrators(transaction);
  const people = await lockUsers(transaction, [actor.user.id, ...owners]);
  const user = await judgeActor(transaction, actor, { role: "staff", recentProof: true }, now);
  const refused = outranked(user, people);
  if (refused) return refused;
  return { reason: "revoked_by_admin", actorId: user.id, device };
}

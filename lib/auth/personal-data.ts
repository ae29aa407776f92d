import "server-only";
import { eq } from "drizzle-orm";
import { eraseCounts } from "@/lib/auth/closed-accounts";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { anonymiseActs, anonymiseSome, findActs, hasManyEvents } from "@/lib/events/forget";
import { type LoggedEvent, streamEvents } from "@/lib/events/read";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import { type SeenDevice, withDevices } from "@/lib/session/devices";
import { countOf, everySessionOf } from "@/lib/session/list";
import { effectiveSession, type Session } from "@/lib/session/session";
import { type ListedUser, userById } from "@/lib/users/find";
import { type LockingOut, lastAdministrator, type NoSuchUser } from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";
import { lockAdministrators, lockUser } from "@/lib/users/users";

/** What is gone. */
export interface Erased {
  /** Sessions, live and ended. */
  readonly sessions: number;
  /** Events that concerned the user: they stay, and name nobody. */
  readonly events: number;
}

/**
 * Erases a person: their account and sessions are deleted; the events that concern them, and those
 * of what they did, lose whatever leads back to them. In one transaction, but for the events of one
 * who has thousands: those are taken before, and a run that was cut short is simply done again.
 * The last active administrator stays, unless it is forced.
 */
export async function eraseUser(
  userId: number,
  now: Date,
  { force = false } = {},
): Promise<Erased | NoSuchUser | LockingOut> {
  const first = await inTransaction((transaction) => lockForErasure(transaction, userId, force));
  if (isRefused(first)) return first;
  const before = await anonymiseMost(userId);
  const acts = await findActs(db(), userId);
  return inTransaction(async (transaction) => {
    const user = await lockForErasure(transaction, userId, force);
    if (isRefused(user)) return user;
    const events = before + (await anonymiseSome(transaction, userId));
    const later = await findActs(transaction, userId, acts.upTo);
    await anonymiseActs(transaction, [...acts.ids, ...later.ids]);
    const erased = { sessions: await countOf(transaction, userId), events };
    await eraseCounts(transaction, user);
    // Their sessions go with the row.
    await transaction.delete(users).where(eq(users.id, userId));
    await noteErasure(transaction, erased, now);
    return erased;
  });
}

async function lockForErasure(
  transaction: Transaction,
  userId: number,
  force: boolean,
): Promise<User | NoSuchUser | LockingOut> {
  const administrators = await lockAdministrators(transaction);
  const user = await lockUser(transaction, userId);
  if (force || isRefused(user)) return user;
  return lastAdministrator(user, administrators) ?? user;
}

/** All but the last batch, each a transaction of its own, so that the one at the end is short. */
async function anonymiseMost(userId: number): Promise<number> {
  let events = 0;
  while (await hasManyEvents(userId)) events += await anonymiseSome(db(), userId);
  return events;
}

// `user_disabled` is the type for an account that lets nobody in any more; that the event holds no
// user id is the point.
async function noteErasure(transaction: Transaction, erased: Erased, now: Date): Promise<void> {
  const detail = { erased: true, ...erased };
  await recordEvents(transaction, [{ type: "user_disabled", at: now, detail }]);
}

/** All that is kept of a person; of no password and no session what would sign anybody in. */
export interface PersonalData {
  readonly account: ListedUser;
  /** Live and ended, newest first. */
  readonly sessions: readonly (Session & { readonly alsoFrom: readonly SeenDevice[] })[];
  /** What concerns them, newest first. */
  readonly events: readonly LoggedEvent[];
}

/** A person's data as it is at `now`; null when there is no such user. */
export async function exportUser(userId: number, now: Date): Promise<PersonalData | null> {
  const account = await userById(userId);
  if (!account) return null;
  const sessions = await everySessionOf(userId);
  return {
    account,
    sessions: await withDevices(sessions.map((session) => effectiveSession(session, account, now))),
    events: await Array.fromAsync(streamEvents({ userId })),
  };
}

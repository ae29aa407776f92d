import "server-only";
import { and, eq, type SQL } from "drizzle-orm";
import { eraseCounts } from "@/lib/auth/closed-accounts";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { anonymiseActs, anonymiseSome, findActs, hasManyEvents } from "@/lib/events/forget";
import { type LoggedEvent, streamEvents } from "@/lib/events/read";
import { recordEvents } from "@/lib/events/record";
import { type Factors, factorsOf } from "@/lib/factors/factors";
import { listPasskeys, type Passkey } from "@/lib/factors/passkeys";
import { listTrustedBrowsers, type TrustedBrowser } from "@/lib/factors/trusted-browsers";
import { mailsOf, type ToldMail } from "@/lib/mail/list";
import { isRefused } from "@/lib/refused";
import { signOutAtDjango } from "@/lib/session/adopted";
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

/** Which erasures are meant; all if left out. */
interface Erasing {
  /** Even the last active administrator. */
  readonly force?: boolean;
  /** Only one who is so, on the locked row: whoever has come back meanwhile stays. */
  readonly only?: SQL | undefined;
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
  erasing: Erasing = {},
): Promise<Erased | NoSuchUser | LockingOut> {
  const first = await inTransaction((transaction) => lockForErasure(transaction, userId, erasing));
  if (isRefused(first)) return first;
  const before = await anonymiseMost(userId);
  const acts = await findActs(db(), userId);
  return inTransaction(async (transaction) => {
    const user = await lockForErasure(transaction, userId, erasing);
    if (isRefused(user)) return user;
    const later = await findActs(transaction, userId, acts.upTo);
    await anonymiseActs(transaction, [...acts.ids, ...later.ids]);
    const { sessions, events } = await removeUser(transaction, user, now);
    return { sessions, events: before + events };
  });
}

/**
 * Erases a person who has done nothing to others and has few events, as a part of something larger.
 * Their row is held.
 */
export async function removeUser(transaction: Transaction, user: User, now: Date): Promise<Erased> {
  const events = await anonymiseSome(transaction, user.id);
  const erased = { sessions: await countOf(transaction, user.id), events };
  await eraseCounts(transaction, user);
  await signOutAtDjango(transaction, { userId: user.id });
  // Their sessions, links and mails go with the row.
  await transaction.delete(users).where(eq(users.id, user.id));
  await recordEvents(transaction, [{ type: "user_erased", at: now, detail: { ...erased } }]);
  return erased;
}

async function lockForErasure(
  transaction: Transaction,
  userId: number,
  { force = false, only }: Erasing,
): Promise<User | NoSuchUser | LockingOut> {
  const administrators = await lockAdministrators(transaction);
  const user = await lockUser(transaction, userId);
  const isMeant = () => transaction.$count(users, and(eq(users.id, userId), only));
  if (only && (await isMeant()) === 0) return { refused: "no_such_user", userId };
  if (force || isRefused(user)) return user;
  return lastAdministrator(user, administrators) ?? user;
}

/** All but the last batch, each a transaction of its own, so that the one at the end is short. */
async function anonymiseMost(userId: number): Promise<number> {
  let events = 0;
  while (await hasManyEvents(userId)) events += await anonymiseSome(db(), userId);
  return events;
}

/** All that is kept of a person; of no password and no session what would sign anybody in. */
export interface PersonalData {
  readonly account: ListedUser;
  /** Live and ended, newest first. */
  readonly sessions: readonly (Session & { readonly alsoFrom: readonly SeenDevice[] })[];
  /** What concerns them, newest first. */
  readonly events: readonly LoggedEvent[];
  /** What they sign in with besides the password; of its secrets nothing. */
  readonly factors: Omit<Factors, "passkeys"> & { readonly passkeys: readonly Passkey[] };
  readonly trustedBrowsers: readonly TrustedBrowser[];
  /** What was mailed to them, newest first; of its links nothing. */
  readonly mails: readonly ToldMail[];
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
    factors: { ...(await factorsOf(userId)), passkeys: await listPasskeys(userId) },
    trustedBrowsers: await listTrustedBrowsers(userId, now),
    mails: await mailsOf(userId),
  };
}

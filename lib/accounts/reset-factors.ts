import "server-only";
import { eq } from "drizzle-orm";
import { judgeFactor } from "@/lib/accounts/change-factors";
import { users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { deleteFactors, factorsOf } from "@/lib/factors/factors";
import { tellOfFactorsReset } from "@/lib/mail/notices";
import { findToken, LINK_OVER, type LinkOver, spendToken } from "@/lib/mail/one-time-tokens";
import { isRefused, type Refused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { type NoSuchUser, type OwnAccount, ownAccount } from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";
import { lockUser, lockUsers } from "@/lib/users/users";

/** An owner has a day to stop it. */
const RESET_AFTER_MS = 86_400_000;

/** The account has no second factor to take away. */
export type NoFactor = Refused<"no_factor">;

/** When an account's factors go. */
export interface FactorsReset {
  readonly at: Date;
}

/**
 * Decides that all second factors of an account go: in 24 hours, as long as its owner, who is mailed a
 * link, does not stop it, and nobody signs in with one of them. Who decides must be an administrator who
 * has just given a second factor of their own (ASVS 6.4.6); nobody is given a code. Decided once more,
 * it stays at the first time. Throws AuthorityLost.
 */
export async function resetFactorsBy(
  userId: number,
  { actor, device }: { readonly actor: Actor; readonly device: Device },
  now: Date,
): Promise<FactorsReset | NoSuchUser | OwnAccount | NoFactor> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const { id: actorId } = await judgeActor(transaction, actor, authority, now);
    await judgeFactor(transaction, actor);
    return ownAccount(actorId, userId) ?? begin(transaction, userId, { actorId, device }, now);
  });
}

/** Decides the same at the command line, where access to the machine is the proof. */
export async function resetFactorsLater(
  userId: number,
  now: Date,
): Promise<FactorsReset | NoSuchUser | NoFactor> {
  return inTransaction((transaction) => begin(transaction, userId, {}, now));
}

/** Takes all second factors of an account away at once: at the command line alone. */
export async function resetFactorsNow(
  userId: number,
  now: Date,
): Promise<FactorsReset | NoSuchUser | NoFactor> {
  return inTransaction(async (transaction) => {
    const user = await lockUser(transaction, userId);
    if (isRefused(user)) return user;
    if (!user.factorsChangedAt) return { refused: "no_factor" };
    await deleteFactors(transaction, user, {}, now);
    return { at: now };
  });
}

async function begin(
  transaction: Transaction,
  userId: number,
  by: { readonly actorId?: number; readonly device?: Device },
  now: Date,
): Promise<FactorsReset | NoSuchUser | NoFactor> {
  const user = await lockUser(transaction, userId);
  if (isRefused(user)) return user;
  if (!user.factorsChangedAt) return { refused: "no_factor" };
  const { resetAt } = await factorsOf(userId, transaction);
  if (resetAt) return { at: resetAt };
  const at = new Date(now.getTime() + RESET_AFTER_MS);
  await transaction.update(users).set({ factorsResetAt: at }).where(eq(users.id, userId));
  const detail = { factorsResetAt: at.toISOString() };
  await recordEvents(transaction, [{ type: "user_updated", at: now, userId, ...by, detail }]);
  await tellOfFactorsReset(transaction, user, at, now);
  return { at };
}

/** Keeps the factors that were to go, by the mailed link. Signs nobody in. */
export async function keepFactors(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  const good = await findToken("factors_reset", token, now);
  if (!good) return LINK_OVER;
  const { userId } = good;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (!user || !(await spendToken(transaction, "factors_reset", token, now))) return LINK_OVER;
    await transaction.update(users).set({ factorsResetAt: null }).where(eq(users.id, userId));
    const detail = { factorsKept: true };
    await recordEvents(transaction, [{ type: "user_updated", at: now, userId, device, detail }]);
    return user;
  });
}

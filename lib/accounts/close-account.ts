import "server-only";
import { and, asc, eq, isNotNull, lte } from "drizzle-orm";
import { eraseUser } from "@/lib/auth/personal-data";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import {
  findToken,
  issueToken,
  LINK_OVER,
  type LinkOver,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { queueMail } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { endSessions } from "@/lib/session/end";
import { type LockingOut, lastAdministrator } from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";
import { lockAdministrators, lockUsers } from "@/lib/users/users";

const KEPT_MS = 7 * 86_400_000;

/**
 * Closes one's own account: every session ends (`account_closed`), and in 7 days all of it is erased,
 * unless its owner comes back by the mailed link, or signs in. Who asks must have a fresh proof.
 * Throws AuthorityLost.
 */
export async function closeOwnAccount(
  actor: Actor,
  device: Device,
  now: Date,
): Promise<null | LockingOut> {
  return inTransaction(async (transaction) => {
    const administrators = await lockAdministrators(transaction);
    const user = await judgeActor(transaction, actor, { recentProof: true }, now);
    const refused = lastAdministrator(user, administrators);
    if (refused) return refused;
    const { id: userId, email } = user;
    const eraseAt = new Date(now.getTime() + KEPT_MS);
    await transaction.update(users).set({ eraseAt }).where(eq(users.id, userId));
    const detail = { closing: true };
    await recordEvents(transaction, [{ type: "user_updated", at: now, userId, device, detail }]);
    await endSessions(transaction, { userId }, { reason: "account_closed", device }, now);
    const token = await issueToken(transaction, { purpose: "account_return", userId, email }, now);
    await queueMail(transaction, { kind: "account_closing", userId, recipient: email, token }, now);
    return null;
  });
}

/** Keeps an account that was to be erased, by the mailed link. Signs nobody in. */
export async function keepAccount(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  const good = await findToken("account_return", token, now);
  if (!good) return LINK_OVER;
  const { userId } = good;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (!user || !(await spendToken(transaction, "account_return", token, now))) return LINK_OVER;
    await keepInTransaction(transaction, userId, device, now);
    return user;
  });
}

/** Keeps an account that was to be erased: its owner has shown that they are there. */
export async function keepInTransaction(
  transaction: Transaction,
  userId: number,
  device: Device,
  now: Date,
): Promise<void> {
  const isLeaving = and(eq(users.id, userId), isNotNull(users.eraseAt));
  const [kept] = await transaction.update(users).set({ eraseAt: null }).where(isLeaving);
  if (kept.affectedRows === 0) return;
  const detail = { kept: true };
  await recordEvents(transaction, [{ type: "user_updated", at: now, userId, device, detail }]);
}

const BATCH = 20;

/** Erases some of the accounts whose 7 days are over, unless they are kept meanwhile. How many. */
export async function eraseClosedAccounts(now: Date): Promise<number> {
  const only = lte(users.eraseAt, now);
  const due = await db()
    .select({ id: users.id })
    .from(users)
    .where(only)
    .orderBy(asc(users.eraseAt))
    .limit(BATCH);
  let erased = 0;
  for (const { id } of due) if (!isRefused(await eraseUser(id, now, { only }))) erased += 1;
  return erased;
}

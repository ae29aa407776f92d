import "server-only";
import { voidPassword } from "@/lib/accounts/forgotten-password";
import { withFormerEmail } from "@/lib/accounts/former-address";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { findToken, LINK_OVER, type LinkOver, spendToken } from "@/lib/mail/one-time-tokens";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { lockSession } from "@/lib/session/write";
import type { User } from "@/lib/users/user";
import { lockUsers } from "@/lib/users/users";

/**
 * "This was not me": ends that session and all others of the account, forgets its known browsers, and
 * makes the password, which somebody else has, open nothing until a new one is set by the link that is
 * mailed. An address that they have changed meanwhile is the owner's again, and second factors that they
 * have added are gone. Signs nobody in.
 */
export async function reportSession(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  const good = await findToken("not_me", token, now);
  if (!good) return LINK_OVER;
  const { userId, sessionId, email } = good;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (user?.status !== "active") return LINK_OVER;
    if (!(await spendToken(transaction, "not_me", token, now))) return LINK_OVER;
    const owner = await withFormerEmail(transaction, user, { email }, device, now);
    await report(transaction, owner, sessionId, device, now);
    return owner;
  });
}

/**
 * "This was not me" by somebody who is signed in and was asked about a session of their account: what
 * the mailed link does, and their own session ends with the others: the address is again what it was
 * when that session began. They must have a fresh proof. Throws AuthorityLost.
 */
export async function reportOwnSession(
  actor: Actor,
  sessionId: string,
  device: Device,
  now: Date,
): Promise<void> {
  await inTransaction(async (transaction) => {
    const user = await judgeActor(transaction, actor, { recentProof: true }, now);
    const reported = await lockSession(transaction, sessionId);
    const since = reported?.session.createdAt;
    const owner = since ? await withFormerEmail(transaction, user, { since }, device, now) : user;
    await report(transaction, owner, sessionId, device, now);
  });
}

async function report(
  transaction: Transaction,
  user: User,
  sessionId: string | null,
  device: Device,
  now: Date,
): Promise<void> {
  const reported = {
    type: "session_reported",
    at: now,
    userId: user.id,
    sessionId,
    device,
  } as const;
  await recordEvents(transaction, [reported]);
  await voidPassword(transaction, user, { sessionId, device }, now);
}

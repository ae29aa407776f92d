import "server-only";
import { voidPassword } from "@/lib/accounts/forgotten-password";
import { inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { findToken, LINK_OVER, type LinkOver, spendToken } from "@/lib/mail/one-time-tokens";
import type { User } from "@/lib/users/user";
import { lockUsers } from "@/lib/users/users";

/**
 * "This was not me": ends that session and all others of the account, forgets its known browsers, and
 * makes the password, which somebody else has, open nothing until a new one is set by the link that is
 * mailed. Signs nobody in.
 */
export async function reportSession(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  const good = await findToken("not_me", token, now);
  if (!good) return LINK_OVER;
  const { userId, sessionId } = good;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (user?.status !== "active") return LINK_OVER;
    if (!(await spendToken(transaction, "not_me", token, now))) return LINK_OVER;
    await recordEvents(transaction, [
      { type: "session_reported", at: now, userId, sessionId, device },
    ]);
    await voidPassword(transaction, user, device, now);
    return user;
  });
}

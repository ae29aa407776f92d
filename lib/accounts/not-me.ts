import "server-only";
import { voidPassword } from "@/lib/accounts/forgotten-password";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { type Device, deviceWords } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import {
  findToken,
  issueToken,
  LINK_OVER,
  type LinkOver,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { queueMail } from "@/lib/mail/outbox";
import type { Session } from "@/lib/session/session";
import type { User } from "@/lib/users/user";
import { lockUsers } from "@/lib/users/users";

/**
 * Tells a user of a session from a browser that their account does not know: an event, and a mail
 * with a link by which they say that it was not them (ASVS 6.3.5).
 */
export async function tellOfNewDevice(
  transaction: Transaction,
  { id: userId, email }: Pick<User, "id" | "email">,
  { id: sessionId, ...device }: Pick<Session, "id" | "ipAddress" | "userAgent">,
  now: Date,
): Promise<void> {
  await recordEvents(transaction, [{ type: "new_device", at: now, userId, sessionId, device }]);
  const token = await issueToken(transaction, { purpose: "not_me", userId, email, sessionId }, now);
  const detail = {
    device: deviceWords(device.userAgent).name,
    ipAddress: device.ipAddress,
    at: now.toISOString(),
  };
  await queueMail(
    transaction,
    { kind: "new_device", userId, recipient: email, detail, token },
    now,
  );
}

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

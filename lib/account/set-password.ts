import "server-only";
import { hashPassword } from "@/lib/account/password";
import { passwordFault } from "@/lib/account/password-rules";
import type { User } from "@/lib/account/user";
import { writePasswordHash } from "@/lib/account/users";
import { inTransaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/append";
import { endSessionsOfUser } from "@/lib/session/end";

/** A password that breaks a rule; the message says which. */
export class UnfitPassword extends Error {
  override readonly name = "UnfitPassword";
}

/**
 * Gives a user a new password and ends every session of theirs: whoever knew the old one is out
 * (ASVS 7.4.3). How many sessions ended. Throws UnfitPassword.
 */
export async function setPassword(user: User, password: string, now: Date): Promise<number> {
  const fault = await passwordFault(password, user);
  if (fault) throw new UnfitPassword(fault);
  const passwordHash = await hashPassword(password);
  return inTransaction(async (transaction) => {
    await writePasswordHash(transaction, user.id, passwordHash);
    await recordEvents(transaction, [{ type: "password_changed", at: now, userId: user.id }]);
    return endSessionsOfUser(transaction, user.id, { reason: "password_changed" }, now);
  });
}

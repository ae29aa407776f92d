import "server-only";
import { lockUser } from "@/lib/account/change-user";
import { openAccount } from "@/lib/account/closed-accounts";
import { hashPassword, type PasswordForAnother } from "@/lib/account/password";
import { passwordFault } from "@/lib/account/password-rules";
import type { User } from "@/lib/account/user";
import { lockUsers, writePassword } from "@/lib/account/users";
import { inTransaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/append";
import type { Device } from "@/lib/events/device";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { endSessionsOfUser } from "@/lib/session/end";

/** A password that breaks a rule; the message says which. */
export class UnfitPassword extends Error {
  override readonly name = "UnfitPassword";
}

/**
 * Gives a user a new password of their own and ends every session of theirs: whoever knew the old
 * one is out (ASVS 7.4.3). How many sessions ended. Throws UnfitPassword and
 * BlocklistUnavailable.
 */
export async function setPassword(user: User, password: string, now: Date): Promise<number> {
  const fault = await passwordFault(password, user);
  if (fault) throw new UnfitPassword(fault);
  const passwordHash = await hashPassword(password);
  return inTransaction(async (transaction) => {
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    await recordEvents(transaction, [{ type: "password_changed", at: now, userId: user.id }]);
    await openAccount(transaction, user, { by: "new_password" }, now);
    return endSessionsOfUser(transaction, user.id, { reason: "password_changed" }, now);
  });
}

/** Somebody wanted to do to themselves what is for others; the message says where their own is. */
export class OwnAccount extends Error {
  override readonly name = "OwnAccount";

  constructor() {
    super("This is your own account. Change your password under Password.");
  }
}

/**
 * Gives a user a generated password in place of theirs, by the decision of an administrator: it is
 * temporary, and every session of theirs ends. Who decides must be an administrator with a fresh
 * proof when it is written. Throws NoSuchUser, OwnAccount and AuthorityLost.
 */
export async function setTemporaryPassword(
  userId: number,
  { passwordHash }: PasswordForAnother,
  { actor, device }: { readonly actor: Actor; readonly device: Device },
  now: Date,
): Promise<void> {
  await inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const { id: actorId } = await judgeActor(transaction, actor, authority, now);
    if (actorId === userId) throw new OwnAccount();
    const user = await lockUser(transaction, userId);
    const temporary = { passwordHash, passwordSetAt: now, passwordIsTemporary: true };
    await writePassword(transaction, userId, temporary);
    const by = { actorId, device };
    const event = { type: "password_changed", at: now, userId, ...by } as const;
    await recordEvents(transaction, [{ ...event, detail: { temporary: true } }]);
    await openAccount(transaction, user, { by: "new_password", ...by }, now);
    await endSessionsOfUser(transaction, userId, { reason: "password_changed", ...by }, now);
  });
}

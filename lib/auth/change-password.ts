import "server-only";
import { openAccount } from "@/lib/auth/closed-accounts";
import { type Proof, proveAgain } from "@/lib/auth/methods";
import {
  hashOwnPassword,
  mayBeGenerated,
  type PasswordForAnother,
  writePassword,
} from "@/lib/auth/password";
import { type Person, refusedPassword, type UnfitPassword, unfit } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { renewByProof } from "@/lib/auth/reauthenticate";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { tellOfNewPassword } from "@/lib/mail/notices";
import { isRefused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import type { Token } from "@/lib/session/cookie";
import { endSessions } from "@/lib/session/end";
import { type NoSuchUser, type OwnAccount, ownAccount } from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";
import { lockUser, lockUsers } from "@/lib/users/users";

const MADE_FOR_SOMEBODY =
  "This looks like a password that was made for somebody. Choose one that nobody else knows.";

/**
 * Replaces one's own password, which is then no longer a temporary one: every other session ends
 * with `password_changed`, this one gets a new secret (ASVS 7.4.3). Throws AuthorityLost when the
 * session has ended or got a new secret, or the user been disabled, meanwhile, and
 * BlocklistUnavailable.
 */
export async function changeOwnPassword(
  proof: Proof,
  newPassword: string,
  now: Date,
): Promise<Token | UnfitPassword | Wrong | Throttled | Busy> {
  const refused = await refusedOwnPassword(newPassword, proof.user);
  if (refused) return refused;
  const proven = await proveAgain(proof, now);
  if (isRefused(proven)) return proven;
  const passwordHash = await hashOwnPassword(proof.user.id, newPassword);
  if (isRefused(passwordHash)) return passwordHash;
  return inTransaction(async (transaction) => {
    const renewal = { type: "password_changed", isFormerDead: true } as const;
    const token = await renewByProof(transaction, proof, proven, renewal, now);
    const { session, user, client } = proof;
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    const others = { userId: user.id, except: session.id };
    const end = { reason: "password_changed", device: client.device } as const;
    await endSessions(transaction, others, end, now);
    await tellOfNewPassword(transaction, user, client.device, now);
    return token;
  });
}

/**
 * Why a password cannot be somebody's own; null when it can. Whoever made a temporary one knows it: it
 * must not come back as one's own, now or later (ASVS 6.4.1). Throws BlocklistUnavailable.
 */
export async function refusedOwnPassword(
  newPassword: string,
  person: Person,
): Promise<UnfitPassword | Busy | null> {
  return mayBeGenerated(newPassword)
    ? unfit(MADE_FOR_SOMEBODY)
    : refusedPassword(newPassword, person);
}

/**
 * Gives a user a new password of their own and ends every session of theirs: whoever knew the old
 * one is out (ASVS 7.4.3). How many sessions ended. Throws BlocklistUnavailable.
 */
export async function setPassword(
  user: User,
  password: string,
  now: Date,
): Promise<number | UnfitPassword | Busy> {
  const refused = await refusedPassword(password, user);
  if (refused) return refused;
  const passwordHash = await hashOwnPassword(user.id, password);
  if (isRefused(passwordHash)) return passwordHash;
  return inTransaction(async (transaction) => {
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    await recordEvents(transaction, [{ type: "password_changed", at: now, userId: user.id }]);
    await openAccount(transaction, user, { by: "new_password" }, now);
    await tellOfNewPassword(transaction, user, null, now);
    return endSessions(transaction, { userId: user.id }, { reason: "password_changed" }, now);
  });
}

/**
 * Gives a user a generated password in place of theirs, by the decision of an administrator: it is
 * temporary, and every session of theirs ends. Null when that is done. Who decides must be an
 * administrator with a fresh proof when it is written. Throws AuthorityLost.
 */
export async function setTemporaryPassword(
  userId: number,
  { passwordHash }: PasswordForAnother,
  { actor, device }: { readonly actor: Actor; readonly device: Device },
  now: Date,
): Promise<NoSuchUser | OwnAccount | null> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const { id: actorId } = await judgeActor(transaction, actor, authority, now);
    const refused = ownAccount(actorId, userId);
    if (refused) return refused;
    const user = await lockUser(transaction, userId);
    if (isRefused(user)) return user;
    const temporary = { passwordHash, passwordSetAt: now, passwordIsTemporary: true };
    await writePassword(transaction, userId, temporary);
    const by = { actorId, device };
    const event = { type: "password_changed", at: now, userId, ...by } as const;
    await recordEvents(transaction, [{ ...event, detail: { temporary: true } }]);
    await openAccount(transaction, user, { by: "new_password", ...by }, now);
    await endSessions(transaction, { userId }, { reason: "password_changed", ...by }, now);
    await tellOfNewPassword(transaction, user, null, now);
    return null;
  });
}

/**
 * Opens an account that wrong passwords have closed to strangers; whether it was closed. Who is
 * signed in must be an administrator with a fresh proof when it is written; without anybody, it is
 * the command line. Throws AuthorityLost.
 */
export async function openForUser(
  userId: number,
  { actor, device }: { readonly actor?: Actor; readonly device?: Device },
  now: Date,
): Promise<boolean | NoSuchUser> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    if (actor) await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const by = actor && (await judgeActor(transaction, actor, authority, now));
    const user = await lockUser(transaction, userId);
    if (isRefused(user)) return user;
    const who = { actorId: by?.id ?? null, device: device ?? null };
    return openAccount(transaction, user, { by: "administrator", ...who }, now);
  });
}

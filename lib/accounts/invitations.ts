import "server-only";
import { mailResetLink } from "@/lib/accounts/forgotten-password";
import { refusedOwnPassword } from "@/lib/auth/change-password";
import { hashPassword } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
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
import { type LinkToken, mailWay, queueMail } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { userById } from "@/lib/users/find";
import type { DuplicateUser } from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";
import { createInTransaction, lockUsers, type NewUser, writePassword } from "@/lib/users/users";

/** Who decides it, and from where. */
interface By {
  readonly actor: Actor;
  readonly device: Device;
}

/** Somebody who was invited. */
export interface Invited {
  readonly user: User;
  /** For whoever invited to pass on, where no mail leaves; null where it was mailed. */
  readonly token: string | null;
}

// No password fits it.
const NOBODYS = "!";

/**
 * Adds a user who sets their own password by a link, good for 24 hours: nobody else ever knows it
 * (ASVS 6.4.6). By the decision of an administrator with a fresh proof. Throws AuthorityLost.
 */
export async function inviteUser(
  wanted: Pick<NewUser, "username" | "email" | "name" | "role">,
  { actor, device }: By,
  now: Date,
): Promise<Invited | DuplicateUser> {
  return inTransaction(async (transaction) => {
    const authority = { role: "admin", recentProof: true } as const;
    const { id: actorId } = await judgeActor(transaction, actor, authority, now);
    const nobodys = { ...wanted, passwordHash: NOBODYS, passwordSetAt: null };
    const user = await createInTransaction(transaction, nobodys, now, { actorId, device });
    if (isRefused(user)) return user;
    return { user, token: await invite(transaction, user, { actorId, device }, now) };
  });
}

async function invite(
  transaction: Transaction,
  { id: userId, email, username, name }: User,
  by: { readonly actorId: number; readonly device: Device },
  now: Date,
): Promise<string | null> {
  const token = await issueToken(transaction, { purpose: "invitation", userId, email }, now);
  await recordEvents(transaction, [{ type: "user_invited", at: now, userId, ...by }]);
  const mail = {
    kind: "invitation",
    userId,
    recipient: email,
    detail: { username, name },
  } as const;
  await queueMail(transaction, { ...mail, token }, now);
  return mailWay() === "smtp" ? null : shownToken(token);
}

// Where mail does not leave, whoever invites hands the link over; it is shown this once.
const shownToken = ({ value }: LinkToken) => value;

/** Whom a link invites; null where it is over. */
export async function userOfInvitation(token: string, now: Date): Promise<User | null> {
  const good = await findToken("invitation", token, now);
  const user = good && (await userById(good.userId));
  return user?.status === "active" ? user : null;
}

/** Sets the first password of who was invited. Nobody is signed in by it. */
export async function acceptInvitation(
  { token, newPassword }: { readonly token: string; readonly newPassword: string },
  device: Device,
  now: Date,
): Promise<User | LinkOver | UnfitPassword | Busy> {
  const invited = await userOfInvitation(token, now);
  if (!invited) return LINK_OVER;
  const unfit = await refusedOwnPassword(newPassword, invited);
  if (unfit) return unfit;
  const passwordHash = await hashPassword(newPassword);
  if (isRefused(passwordHash)) return passwordHash;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [invited.id]);
    if (user?.status !== "active") return LINK_OVER;
    if (!(await spendToken(transaction, "invitation", token, now))) return LINK_OVER;
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    await recordEvents(transaction, [
      { type: "password_changed", at: now, userId: user.id, device, detail: { invited: true } },
    ]);
    return user;
  });
}

/**
 * Mails a user a link to set a new password, by the decision of an administrator with a fresh proof,
 * who never learns or chooses one (ASVS 6.4.6). False where the account is disabled, or its address
 * was never confirmed. Throws AuthorityLost.
 */
export async function sendResetLinkBy(
  userId: number,
  { actor, device }: By,
  now: Date,
): Promise<boolean> {
  return inTransaction(async (transaction) => {
    await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const { id: actorId } = await judgeActor(transaction, actor, authority, now);
    const [user] = await lockUsers(transaction, [userId]);
    if (user?.status !== "active") return false;
    await mailResetLink(transaction, user, { actorId, device }, now);
    return true;
  });
}

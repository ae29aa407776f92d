import "server-only";
import { mailResetLink } from "@/lib/accounts/forgotten-password";
import { refusedOwnPassword } from "@/lib/auth/change-password";
import { hashOwnPassword, writePassword } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import {
  endOpenLinks,
  findToken,
  issueToken,
  LINK_OVER,
  type LinkOver,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { type LinkToken, mailWay, queueMail } from "@/lib/mail/outbox";
import { isRefused, type Refused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { userById } from "@/lib/users/find";
import {
  type DuplicateUser,
  type NoSuchUser,
  type Outranked,
  outranked,
} from "@/lib/users/refusals";
import { NOBODYS_PASSWORD, type User } from "@/lib/users/user";
import { createInTransaction, lockUser, lockUsers, type NewUser } from "@/lib/users/users";

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
    const nobodys = { ...wanted, passwordHash: NOBODYS_PASSWORD, passwordSetAt: null };
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
  const passwordHash = await hashOwnPassword(invited.id, newPassword);
  if (isRefused(passwordHash)) return passwordHash;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [invited.id]);
    if (user?.status !== "active") return LINK_OVER;
    if (!(await spendToken(transaction, "invitation", token, now))) return LINK_OVER;
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    await endOpenLinks(transaction, user.id, now);
    await recordEvents(transaction, [
      { type: "password_changed", at: now, userId: user.id, device, detail: { invited: true } },
    ]);
    return user;
  });
}

/** Nobody of that account gets a link: it is disabled, its address unconfirmed, or no mail leaves. */
export interface NotMailed extends Refused<"not_mailed"> {
  readonly because: "disabled" | "unverified" | "no_mail";
}

/**
 * Mails a user a link to set a new password, by the decision of an administrator with a fresh proof,
 * who never learns or chooses one (ASVS 6.4.6). Null when that is done. Throws AuthorityLost.
 */
export async function sendResetLinkBy(
  userId: number,
  { actor, device }: By,
  now: Date,
): Promise<null | NoSuchUser | Outranked | NotMailed> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const by = await judgeActor(transaction, actor, authority, now);
    const user = await lockUser(transaction, userId);
    if (isRefused(user)) return user;
    const refused = outranked(by, [user]) ?? notMailed(user);
    if (refused) return refused;
    await mailResetLink(transaction, user, { actorId: by.id, device }, now);
    return null;
  });
}

function notMailed({ status, emailVerifiedAt }: User): NotMailed | null {
  const because = (why: NotMailed["because"]) => ({ refused: "not_mailed", because: why }) as const;
  if (mailWay() === "none") return because("no_mail");
  if (status !== "active") return because("disabled");
  return emailVerifiedAt ? null : because("unverified");
}

import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { type TooManyMails, takeMailTry } from "@/lib/accounts/mail-throttle";
import { removeUser } from "@/lib/auth/personal-data";
import { type EndReason, users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import {
  endOpenLinks,
  findToken,
  type GoodToken,
  issueToken,
  LINK_OVER,
  type LinkOver,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { queueMail } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { lockSession } from "@/lib/session/write";
import { findByEmail } from "@/lib/users/find";
import type { User } from "@/lib/users/user";
import { lockUsers, orDuplicate } from "@/lib/users/users";

/**
 * Mails a link to an address that a user wants for their account; it becomes theirs when the link is
 * used. The answer is the same for an address that somebody has: its owner is told (ASVS 6.3.8). Who
 * asks must have a fresh proof, and may ask three times in 15 minutes: it is a way to have mail sent
 * to strangers. Null when a mail is on its way. Throws AuthorityLost.
 */
export async function requestEmailChange(
  actor: Actor,
  email: string,
  now: Date,
): Promise<null | TooManyMails> {
  if (!(await takeMailTry({ userId: actor.user.id, what: "verification" }, now)))
    return { refused: "too_many_mails" };
  // As at a sign-up: one address gets so many mails, whoever asks for them.
  if (!(await takeMailTry({ email }, now))) return { refused: "too_many_mails" };
  const owner = await findByEmail(email);
  await inTransaction(async (transaction) => {
    const user = await judgeActor(transaction, actor, { recentProof: true }, now);
    if (owner?.emailVerifiedAt && owner.id !== user.id) {
      const known = { kind: "sign_up_known", userId: owner.id, recipient: owner.email } as const;
      return queueMail(transaction, known, now);
    }
    await mailVerification(transaction, user, email, now, actor.session.id);
  });
  return null;
}

/** Whose address it is, confirmed or not, with their row held; null where it is nobody's. */
export async function lockOwner(transaction: Transaction, email: string): Promise<User | null> {
  const found = await findByEmail(email, transaction);
  const [owner] = found ? await lockUsers(transaction, [found.id]) : [];
  return owner ?? null;
}

/** Mails a link that proves an address; one that was mailed before ends. `sessionId` asked for it. */
export async function mailVerification(
  transaction: Transaction,
  { id: userId }: Pick<User, "id">,
  email: string,
  now: Date,
  sessionId?: string,
): Promise<void> {
  const purpose = "email_verification";
  const asked = sessionId === undefined ? {} : { sessionId };
  const token = await issueToken(transaction, { purpose, userId, email, ...asked }, now);
  await queueMail(transaction, { kind: purpose, userId, recipient: email, token }, now);
}

/**
 * Takes the word of a link for the address that it was mailed to. Where that is another than the
 * account has, it is the account's from now on; the former one is told, with a way back. Over where
 * somebody else has ended the session that asked for it. Signs nobody in.
 */
export async function verifyEmail(
  token: string,
  device: Device,
  now: Date,
): Promise<User | LinkOver> {
  return byLink(
    "email_verification",
    token,
    now,
    async (transaction, user, { email, sessionId }) => {
      if (email === user.email) await noteVerified(transaction, user, device, now);
      else {
        if (sessionId && (await wasThrownOut(transaction, sessionId))) return LINK_OVER;
        const former = user.email;
        const other = await lockOwner(transaction, email);
        if (other) await removeSignUp(transaction, other, now);
        const changed = await writeEmail(transaction, user, email, device, now);
        if (isRefused(changed)) return changed;
        await mailWayBack(transaction, user, { former, email, sessionId }, now);
      }
      return { ...user, email };
    },
  );
}

// By its owner, its time or its limits a session ends of itself; all else puts out whoever had it.
const ENDED_OF_ITSELF: readonly EndReason[] = ["signed_out", "idle", "absolute", "limit"];

async function wasThrownOut(transaction: Transaction, sessionId: string): Promise<boolean> {
  const held = await lockSession(transaction, sessionId);
  if (!held) return true;
  const { endReason } = held.session;
  return endReason !== null && !ENDED_OF_ITSELF.includes(endReason);
}

// By role and use as well: who was let in otherwise, whatever their row says, is nobody's sign-up.
export const IS_UNCONFIRMED_SIGN_UP = and(
  isNull(users.emailVerifiedAt),
  isNull(users.lastSignInAt),
  eq(users.role, "member"),
);

/**
 * Removes an account that somebody signed up for and nobody has confirmed: whoever could not read the
 * mail must not keep the address from who can. Whether it was one; its row is held by the caller.
 */
export async function removeSignUp(
  transaction: Transaction,
  user: User,
  now: Date,
): Promise<boolean> {
  const isOne = and(eq(users.id, user.id), IS_UNCONFIRMED_SIGN_UP);
  if ((await transaction.$count(users, isOne)) === 0) return false;
  await removeUser(transaction, user, now);
  return true;
}

async function noteVerified(
  transaction: Transaction,
  { id: userId }: User,
  device: Device,
  now: Date,
): Promise<void> {
  await transaction.update(users).set({ emailVerifiedAt: now }).where(eq(users.id, userId));
  await recordEvents(transaction, [{ type: "email_verified", at: now, userId, device }]);
}

interface AddressChange {
  readonly former: string;
  readonly email: string;
  /** The session that asked for it; null where none did. */
  readonly sessionId: string | null;
}

async function mailWayBack(
  transaction: Transaction,
  { id: userId }: User,
  { former, email, sessionId }: AddressChange,
  now: Date,
): Promise<void> {
  const asked = sessionId === null ? {} : { sessionId };
  const of = { purpose: "take_back", userId, email: former, ...asked } as const;
  const token = await issueToken(transaction, of, now);
  const mail = {
    kind: "email_changed",
    userId,
    recipient: former,
    detail: { email },
    token,
  } as const;
  await queueMail(transaction, mail, now);
}

/** Makes an address a user's; a link to one that has become somebody else's since is over. */
export async function writeEmail(
  transaction: Transaction,
  { id: userId }: User,
  email: string,
  device: Device,
  now: Date,
): Promise<null | LinkOver> {
  const written = await orDuplicate(() =>
    transaction.update(users).set({ email, emailVerifiedAt: now }).where(eq(users.id, userId)),
  );
  if (isRefused(written)) return LINK_OVER;
  await endOpenLinks(transaction, userId, now);
  await recordEvents(transaction, [{ type: "email_changed", at: now, userId, device }]);
  return null;
}

/** What the link of a mail does to its user, whose row is held: once, and while it is good. */
export async function byLink(
  purpose: "email_verification" | "take_back",
  token: string,
  now: Date,
  work: (transaction: Transaction, user: User, good: GoodToken) => Promise<User | LinkOver>,
): Promise<User | LinkOver> {
  const good = await findToken(purpose, token, now);
  if (!good) return LINK_OVER;
  return inTransaction(async (transaction) => {
    // Users before all else, as every change of theirs takes them.
    const [user] = await lockUsers(transaction, [good.userId]);
    if (user?.status !== "active") return LINK_OVER;
    if (!(await spendToken(transaction, purpose, token, now))) return LINK_OVER;
    return work(transaction, user, good);
  });
}

import "server-only";
import { and, lt } from "drizzle-orm";
import {
  IS_UNCONFIRMED_SIGN_UP,
  lockOwner,
  mailVerification,
  removeSignUp,
} from "@/lib/accounts/email-address";
import { type TooManyMails, takeMailTry } from "@/lib/accounts/mail-throttle";
import { refusedOwnPassword } from "@/lib/auth/change-password";
import { hashPassword } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { atMultiplesOf } from "@/lib/auth/refusal-floor";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import { recordEvents } from "@/lib/events/record";
import { mailWay, queueMail } from "@/lib/mail/outbox";
import { isRefused, type Refused } from "@/lib/refused";
import type { User } from "@/lib/users/user";
import { createInTransaction, findByIdentifier, lockUsers } from "@/lib/users/users";

/** What somebody gives to get an account. */
export interface SignUp {
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly newPassword: string;
}

/** Nobody can sign up here, or not with this address. */
export type SignUpClosed = Refused<"sign_up_closed">;

/** Whether anybody, or anybody with an address of some domains, can sign up here: never without mail. */
export function isSignUpOpen(): boolean {
  return settings().SIGN_UP !== "closed" && mailWay() !== "none";
}

function isOpenTo(email: string): boolean {
  if (!isSignUpOpen()) return false;
  const { SIGN_UP } = settings();
  if (typeof SIGN_UP === "string") return SIGN_UP === "open";
  return SIGN_UP.includes(email.slice(email.lastIndexOf("@") + 1).toLowerCase());
}

const FLOOR_MS = 250;

/**
 * Makes an account that signs in once its address is confirmed, within 24 hours. What is told, and the
 * time that it takes, are the same where the address or the user name is somebody's: whoever has the
 * mailbox hears the rest (ASVS 6.3.8). An earlier sign-up that nobody has confirmed gives way. One
 * address gets ten mails in 15 minutes at most.
 */
export async function signUp(
  wanted: SignUp,
  device: Device,
  now: Date,
): Promise<null | SignUpClosed | TooManyMails | UnfitPassword | Busy> {
  if (!isOpenTo(wanted.email)) return { refused: "sign_up_closed" };
  const unfit = await refusedOwnPassword(wanted.newPassword, wanted);
  if (unfit) return unfit;
  if (!(await takeMailTry({ device }, now))) return { refused: "too_many_mails" };
  const passwordHash = await hashPassword(wanted.newPassword);
  if (isRefused(passwordHash)) return passwordHash;
  const untilTheFloor = atMultiplesOf(FLOOR_MS);
  // Beyond that nothing is done, and told as ever: that an address is busy is nobody's business.
  if (await takeMailTry({ email: wanted.email }, now))
    await answerByMail(wanted, passwordHash, device, now);
  await untilTheFloor();
  return null;
}

async function answerByMail(
  wanted: SignUp,
  passwordHash: string,
  device: Device,
  now: Date,
): Promise<void> {
  const made = await inTransaction(async (transaction) => {
    const owner = await lockOwner(transaction, wanted.email);
    if (owner && !(await removeSignUp(transaction, owner, now)))
      return tellOwner(transaction, owner, now);
    return register(transaction, wanted, passwordHash, device, now);
  });
  if (!isRefused(made)) return;
  if (made.fields.includes("username")) return tellNameTaken(wanted, now);
  // Another sign-up with this address was a moment quicker; it gives way like any earlier one.
  await answerByMail(wanted, passwordHash, device, now);
}

async function register(
  transaction: Transaction,
  { username, email, name }: SignUp,
  passwordHash: string,
  device: Device,
  now: Date,
) {
  const row = {
    username,
    email,
    name,
    role: "member",
    passwordHash,
    emailVerifiedAt: null,
  } as const;
  const user = await createInTransaction(transaction, row, now, { device });
  if (isRefused(user)) return user;
  await recordEvents(transaction, [{ type: "user_registered", at: now, userId: user.id, device }]);
  await mailVerification(transaction, user, email, now);
  return user;
}

async function tellOwner(transaction: Transaction, owner: User, now: Date): Promise<User> {
  const { id: userId, email } = owner;
  await queueMail(transaction, { kind: "sign_up_known", userId, recipient: email }, now);
  return owner;
}

async function tellNameTaken({ username, email }: SignUp, now: Date): Promise<void> {
  const mail = { kind: "sign_up_name_taken", userId: null, recipient: email } as const;
  await queueMail(db(), { ...mail, detail: { username } }, now);
}

/**
 * Mails the link that confirms a sign-up once more, if an account that waits for it has this user
 * name or address; the one that was mailed before ends. Whoever asks learns nothing, by the answer
 * or by its time; an account gets three such mails in 15 minutes.
 */
export async function resendVerification(
  identifier: string,
  device: Device,
  now: Date,
): Promise<void> {
  const untilTheFloor = atMultiplesOf(FLOOR_MS);
  if (await takeMailTry({ device }, now)) await resend(identifier, now);
  await untilTheFloor();
}

async function resend(identifier: string, now: Date): Promise<void> {
  const found = await findByIdentifier(identifier);
  if (!found || !isWaiting(found.user)) return;
  const { id: userId } = found.user;
  if (!(await takeMailTry({ userId, what: "verification" }, now))) return;
  await inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (user && isWaiting(user)) await mailVerification(transaction, user, user.email, now);
  });
}

const isWaiting = ({ status, emailVerifiedAt }: User) => status === "active" && !emailVerifiedAt;

const CONFIRMED_WITHIN_MS = 86_400_000;
const BATCH = 100;

/** Erases some of the sign-ups that nobody has confirmed in 24 hours. How many. */
export async function purgeSignUps(now: Date): Promise<number> {
  const border = new Date(now.getTime() - CONFIRMED_WITHIN_MS);
  const due = await db()
    .select({ id: users.id })
    .from(users)
    .where(and(IS_UNCONFIRMED_SIGN_UP, lt(users.createdAt, border)))
    .limit(BATCH);
  let erased = 0;
  for (const { id } of due) if (await eraseSignUp(id, now)) erased += 1;
  return erased;
}

async function eraseSignUp(id: number, now: Date): Promise<boolean> {
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [id]);
    return user !== undefined && removeSignUp(transaction, user, now);
  });
}

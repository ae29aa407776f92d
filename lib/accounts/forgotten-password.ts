import "server-only";
import { keepInTransaction } from "@/lib/accounts/close-account";
import { takeMailTry } from "@/lib/accounts/mail-throttle";
import { takeFactorsBack } from "@/lib/accounts/take-factors-back";
import { refusedOwnPassword } from "@/lib/auth/change-password";
import { openAccount } from "@/lib/auth/closed-accounts";
import { hashOwnPassword, writePassword } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { atMultiplesOf } from "@/lib/auth/refusal-floor";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import {
  endOpenLinks,
  findToken,
  issueToken,
  LINK_OVER,
  type LinkOver,
  spendToken,
} from "@/lib/mail/one-time-tokens";
import { mailWay, queueMail } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { endSessions } from "@/lib/session/end";
import { userById } from "@/lib/users/find";
import { NOBODYS_PASSWORD, type User } from "@/lib/users/user";
import { findByIdentifier, lockUsers } from "@/lib/users/users";

// Longer than all that is done for an account that there is.
const FLOOR_MS = 250;

/**
 * Sends a link to set a new password, if an active account has this user name or confirmed address:
 * three in 15 minutes at most, to the address that is stored. Whoever asks learns nothing, by the
 * answer or by its time (ASVS 6.3.8, 6.4.1).
 */
export async function requestPasswordReset(
  identifier: string,
  device: Device,
  now: Date,
): Promise<void> {
  const untilTheFloor = atMultiplesOf(FLOOR_MS);
  if (mailWay() !== "none" && (await takeMailTry({ device }, now)))
    await sendLink(identifier, device, now);
  await untilTheFloor();
}

async function sendLink(identifier: string, device: Device, now: Date): Promise<void> {
  const found = await findByIdentifier(identifier);
  if (!found || !mayReset(found.user)) return;
  const { id: userId } = found.user;
  if (!(await takeMailTry({ userId, what: "reset" }, now))) return;
  await inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [userId]);
    if (user && mayReset(user)) await mailResetLink(transaction, user, { device }, now);
  });
}

/** Mails a user a link to set a new password, by whoever asked; one that was mailed before ends. */
export async function mailResetLink(
  transaction: Transaction,
  { id: userId, email }: User,
  by: Pick<NewEvent, "actorId" | "device">,
  now: Date,
): Promise<void> {
  const purpose = "password_reset";
  const token = await issueToken(transaction, { purpose, userId, email }, now);
  await queueMail(transaction, { kind: purpose, userId, recipient: email, token }, now);
  await recordEvents(transaction, [{ type: "password_reset_requested", at: now, userId, ...by }]);
}

/** By whose word an account is taken from somebody, and by which session these came. */
interface TakenFrom {
  readonly sessionId: string | null;
  readonly device: Device;
}

/**
 * Takes an account out of the hands of whoever has its password: that opens nothing any more, every
 * session ends (`reported`), no browser is known, second factors that were added by their session are
 * gone, and its owner gets a link to set a new one.
 */
export async function voidPassword(
  transaction: Transaction,
  user: User,
  { sessionId, device }: TakenFrom,
  now: Date,
): Promise<void> {
  if (sessionId) await takeFactorsBack(transaction, user, { sessionId, device }, now);
  const nobodys = {
    passwordHash: NOBODYS_PASSWORD,
    passwordSetAt: now,
    passwordIsTemporary: false,
  };
  await writePassword(transaction, user.id, nobodys);
  // Whoever was in may have closed the account as well.
  await keepInTransaction(transaction, user.id, device, now);
  // By one of them whoever was in would have the account again, under an address of theirs.
  await endOpenLinks(transaction, user.id, now);
  await endSessions(transaction, { userId: user.id }, { reason: "reported", device }, now);
  await mailResetLink(transaction, user, { device }, now);
}

const mayReset = ({ status, emailVerifiedAt }: User) =>
  status === "active" && emailVerifiedAt !== null;

/** Whose password a link may set; null where it is over, or its account does not sign in any more. */
export async function userOfResetLink(token: string, now: Date): Promise<User | null> {
  const good = await findToken("password_reset", token, now);
  const user = good && (await userById(good.userId));
  return user && mayReset(user) ? user : null;
}

/**
 * Sets a new password by a link that was mailed, and ends every session: whoever knew the old one is
 * out (ASVS 6.4.3). Nobody is signed in by it. A password that is refused spends no link.
 */
export async function resetPassword(
  { token, newPassword }: { readonly token: string; readonly newPassword: string },
  device: Device,
  now: Date,
): Promise<User | LinkOver | UnfitPassword | Busy> {
  const owner = await userOfResetLink(token, now);
  if (!owner) return LINK_OVER;
  const unfit = await refusedOwnPassword(newPassword, owner);
  if (unfit) return unfit;
  const passwordHash = await hashOwnPassword(owner.id, newPassword);
  if (isRefused(passwordHash)) return passwordHash;
  return inTransaction(async (transaction) => {
    const [user] = await lockUsers(transaction, [owner.id]);
    if (!user || !mayReset(user)) return LINK_OVER;
    if (!(await spendToken(transaction, "password_reset", token, now))) return LINK_OVER;
    const own = { passwordHash, passwordSetAt: now, passwordIsTemporary: false };
    await writePassword(transaction, user.id, own);
    await keepInTransaction(transaction, user.id, device, now);
    await endOpenLinks(transaction, user.id, now);
    await recordEvents(transaction, [{ type: "password_reset", at: now, userId: user.id, device }]);
    await openAccount(transaction, user, { by: "new_password", device }, now);
    await endSessions(transaction, { userId: user.id }, { reason: "password_reset", device }, now);
    await queueMail(transaction, toldOf("password_was_reset", user, now), now);
    return user;
  });
}

function toldOf(kind: "password_was_reset", { id, email }: User, now: Date) {
  return { kind, userId: id, recipient: email, detail: { at: now.toISOString() } };
}

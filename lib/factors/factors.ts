import "server-only";
import { and, asc, eq, isNotNull, lte } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { passkeys } from "@/lib/db/factors-schema";
import type { Method } from "@/lib/db/method-list";
import { users } from "@/lib/db/schema";
import { type Executor, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import {
  countRecoveryCodes,
  deleteRecoveryCodes,
  plainCode,
  spendRecoveryCode,
} from "@/lib/factors/recovery-codes";
import { deleteTotp, findTotp, spendTotp } from "@/lib/factors/totp";
import { endAllTrust } from "@/lib/factors/trusted-browsers";
import { tellOfFactors, tellOfRecoveryCode } from "@/lib/mail/notices";
import type { User } from "@/lib/users/user";

/** What an account has besides its password. */
export interface Factors {
  /** When its authenticator app was set up; null where there is none. */
  readonly totpSince: Date | null;
  readonly passkeys: number;
  /** How many recovery codes are good. */
  readonly recoveryCodes: number;
  /** When all of it goes, where an administrator has decided so. */
  readonly resetAt: Date | null;
}

/** The factors of a user. */
export async function factorsOf(userId: number, executor: Executor = db()): Promise<Factors> {
  const totp = await findTotp(userId, executor);
  const count = await executor.$count(passkeys, eq(passkeys.userId, userId));
  const recoveryCodes = await countRecoveryCodes(userId, executor);
  const [row] = await executor
    .select({ resetAt: users.factorsResetAt })
    .from(users)
    .where(eq(users.id, userId));
  const totpSince = totp?.createdAt ?? null;
  return { totpSince, passkeys: count, recoveryCodes, resetAt: row?.resetAt ?? null };
}

/** Somebody who gives a code, and where. */
interface Giving {
  readonly user: Pick<User, "id" | "email">;
  readonly code: string;
  readonly device: Device;
}

const TOTP_CODE = /^\d{6}$/;

/**
 * Uses up a code: six digits of the authenticator app, or a recovery code, whose use its owner is told
 * of. How it was proved; null where it is not right.
 */
export async function spendCode({ user, code, device }: Giving, now: Date): Promise<Method | null> {
  const plain = plainCode(code);
  return inTransaction(async (transaction) => {
    if (TOTP_CODE.test(plain))
      return (await spendTotp(transaction, user.id, plain, now)) ? "totp" : null;
    if (!(await spendRecoveryCode(transaction, user.id, plain, now))) return null;
    const event = { type: "recovery_code_used", at: now, userId: user.id, device } as const;
    await recordEvents(transaction, [event]);
    const left = await countRecoveryCodes(user.id, transaction);
    await tellOfRecoveryCode(transaction, user, { device, left }, now);
    return "recovery_code";
  });
}

/**
 * Notes on the user's row that their factors have changed, and clears away what is worth nothing
 * without one; whether there is one left. A sign-in that was under way with the former factors ends by
 * this, and so does the trust in browsers.
 */
export async function noteFactorsChanged(
  transaction: Transaction,
  userId: number,
  now: Date,
): Promise<boolean> {
  const totp = await findTotp(userId, transaction);
  const hasFactor =
    totp !== null || (await transaction.$count(passkeys, eq(passkeys.userId, userId))) > 0;
  if (!hasFactor) await deleteRecoveryCodes(transaction, userId);
  await endAllTrust(transaction, userId);
  const noted = { factorsChangedAt: hasFactor ? now : null, factorsResetAt: null };
  await transaction.update(users).set(noted).where(eq(users.id, userId));
  return hasFactor;
}

/** Takes every factor of a user away. */
export async function deleteFactors(
  transaction: Transaction,
  { id: userId, email }: Pick<User, "id" | "email">,
  by: { readonly actorId?: number | null; readonly device?: Device | null },
  now: Date,
): Promise<void> {
  await deleteTotp(transaction, userId);
  await transaction.delete(passkeys).where(eq(passkeys.userId, userId));
  await noteFactorsChanged(transaction, userId, now);
  await recordEvents(transaction, [{ type: "factors_reset", at: now, userId, ...by }]);
  await tellOfFactors(
    transaction,
    { id: userId, email },
    "factors_were_reset",
    by.device ?? null,
    now,
  );
}

/**
 * Carries out a reset whose day of waiting is over, once somebody has given the account's password;
 * whether it was due. Until then its owner can stop it.
 */
export async function carryOutDueReset(
  user: Pick<User, "id" | "email">,
  device: Device,
  now: Date,
): Promise<boolean> {
  const isDue = and(
    eq(users.id, user.id),
    isNotNull(users.factorsResetAt),
    lte(users.factorsResetAt, now),
  );
  const isWaiting = (await db().$count(users, isDue)) > 0;
  if (!isWaiting) return false;
  return inTransaction(async (transaction) => {
    const [row] = await transaction
      .select({ id: users.id })
      .from(users)
      .where(isDue)
      .orderBy(asc(users.id))
      .for("update");
    // Stopped meanwhile.
    if (!row) return false;
    await deleteFactors(transaction, user, { device }, now);
    return true;
  });
}

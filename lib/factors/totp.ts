import "server-only";
import { and, eq, lt } from "drizzle-orm";
import { Secret, TOTP } from "otpauth";
import { db } from "@/lib/db/connection";
import { totpFactors } from "@/lib/db/factors-schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { seal, unseal } from "@/lib/seal";
import { siteName } from "@/lib/site-name";
import type { User } from "@/lib/users/user";

/** 160 bits, as RFC 4226 recommends; what authenticator apps take. */
const SECRET_BYTES = 20;

/** A new secret for an authenticator app, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What the picture for the app holds: `otpauth://totp/…`, with the site's name and whose it is. */
export function totpUri(secret: string, { username }: Pick<User, "username">): string {
  const from = { issuer: siteName(), label: username, secret: Secret.fromBase32(secret) };
  return new TOTP(from).toString();
}

/**
 * The step (Unix seconds ÷ 30, RFC 6238) that a code of six digits is of; null where it is of neither
 * the present step nor the one before: one that is not due yet proves nothing.
 */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: 1 });
  return delta === null || delta > 0 ? null : totp.counter({ timestamp }) + delta;
}

interface Sealed {
  readonly s: string;
  /** Whose it is: a row that was copied to another account proves nothing there. */
  readonly u: number;
}

/** Keeps the secret of a user's authenticator app; its first code was of that step and works no more. */
export async function insertTotp(
  transaction: Transaction,
  { userId, secret, step }: { userId: number; secret: string; step: number },
  now: Date,
): Promise<void> {
  const sealedSecret = await sealSecret(userId, secret);
  await transaction
    .insert(totpFactors)
    .values({ userId, sealedSecret, lastStep: step, createdAt: now });
}

/** Takes a user's authenticator app away; whether there was one. */
export async function deleteTotp(transaction: Transaction, userId: number): Promise<boolean> {
  const [result] = await transaction.delete(totpFactors).where(eq(totpFactors.userId, userId));
  return result.affectedRows > 0;
}

/** When a user's authenticator app was set up; null where there is none. */
export async function findTotp(
  userId: number,
  executor: Executor = db(),
): Promise<{ readonly createdAt: Date } | null> {
  const [row] = await executor
    .select({ createdAt: totpFactors.createdAt })
    .from(totpFactors)
    .where(eq(totpFactors.userId, userId));
  return row ?? null;
}

/**
 * Uses up a code of a user's authenticator app: of many at once one succeeds, by one conditional
 * UPDATE, and none of its step or an earlier one works again (RFC 6238, 5.2).
 */
export async function spendTotp(
  transaction: Transaction,
  userId: number,
  code: string,
  now: Date,
): Promise<boolean> {
  const isTheirs = eq(totpFactors.userId, userId);
  const [row] = await transaction
    .select({ sealedSecret: totpFactors.sealedSecret })
    .from(totpFactors)
    .where(isTheirs);
  const secret = row ? await openSecret(userId, row.sealedSecret) : null;
  const step = secret === null ? null : stepOf(secret, code, now);
  if (step === null) return false;
  const [result] = await transaction
    .update(totpFactors)
    .set({ lastStep: step })
    .where(and(isTheirs, lt(totpFactors.lastStep, step)));
  return result.affectedRows > 0;
}

// It stays for as long as the account wants it; `unseal` goes by no age.
const FOR_EVER_SECONDS = 0;

/** A secret as its row keeps it. */
export function sealSecret(userId: number, secret: string): Promise<string> {
  const payload: Sealed = { s: secret, u: userId };
  return seal("factor", payload, FOR_EVER_SECONDS);
}

/** The secret of a user's row; null, with a line in the log, where no key opens it for them. */
export async function openSecret(userId: number, sealedSecret: string): Promise<string | null> {
  const { s: secret, u: owner } = (await unseal<Sealed>("factor", sealedSecret)) ?? {};
  if (typeof secret === "string" && owner === userId) return secret;
  log().error({ userId }, "no SESSION_SECRET opens the authenticator app of this account");
  return null;
}

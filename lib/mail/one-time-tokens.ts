import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, inArray, isNull, lt } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { duplicateKeyOf } from "@/lib/db/errors";
import { oneTimeTokens, type TokenPurpose } from "@/lib/db/mail-schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import type { LinkToken } from "@/lib/mail/outbox";
import type { Refused } from "@/lib/refused";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long a token of each purpose is good (ASVS 6.5.5, 6.6.3). */
const LIFETIMES_MS: Record<TokenPurpose, number> = {
  password_reset: 20 * MINUTE_MS,
  email_verification: DAY_MS,
  invitation: DAY_MS,
  not_me: 7 * DAY_MS,
  take_back: 7 * DAY_MS,
  account_return: 7 * DAY_MS,
  factors_reset: DAY_MS,
  passkey: 5 * MINUTE_MS,
};

/** Of these a user has one that is good: a newer one ends it, and so does another password or address. */
const ONE_EACH: readonly TokenPurpose[] = ["password_reset", "email_verification", "invitation"];

const TOKEN_BYTES = 16;
const TOKEN = /^[\w-]{22}$/;

/** A link that is unknown, used, over or for something else; nobody learns which. */
export type LinkOver = Refused<"link_over">;
export const LINK_OVER: LinkOver = { refused: "link_over" };

/** What a token is for, and whose. */
export interface TokenOf {
  readonly purpose: TokenPurpose;
  readonly userId: number;
  /** The address that it is sent to, which it proves. */
  readonly email: string;
  /** The session that it is about. */
  readonly sessionId?: string;
}

/**
 * Makes a token: 128 bits from the system's CSPRNG, of which the table keeps the SHA-256 alone
 * (ASVS 6.5.2). One that replaces those before it ends them.
 */
export async function issueToken(
  transaction: Transaction,
  of: TokenOf,
  now: Date,
): Promise<LinkToken> {
  if (ONE_EACH.includes(of.purpose)) await endTokens(transaction, of.userId, [of.purpose], now);
  const value = randomBytes(TOKEN_BYTES).toString("base64url");
  const hash = hashOf(value);
  const expiresAt = new Date(now.getTime() + LIFETIMES_MS[of.purpose]);
  await transaction
    .insert(oneTimeTokens)
    .values({ ...of, tokenHash: hash, createdAt: now, expiresAt });
  return { value, hash, expiresAt };
}

/** A token that is good. */
export interface GoodToken extends Omit<TokenOf, "sessionId"> {
  readonly sessionId: string | null;
  readonly createdAt: Date;
}

/**
 * What a token of this purpose is good for at `now`; null for one that is unknown, used, over or for
 * something else. Changes nothing: whoever scans mail opens links, too.
 */
export async function findToken(
  purpose: TokenPurpose,
  value: string,
  now: Date,
  executor: Executor = db(),
): Promise<GoodToken | null> {
  if (!TOKEN.test(value)) return null;
  const [row] = await executor
    .select(goodToken)
    .from(oneTimeTokens)
    .where(isGood(purpose, value, now));
  return row ?? null;
}

const { purpose: ofPurpose, userId: ofUser, email: sentTo, sessionId, createdAt } = oneTimeTokens;
export const goodToken = {
  purpose: ofPurpose,
  userId: ofUser,
  email: sentTo,
  sessionId,
  createdAt,
};

/**
 * Uses a token up: of many at once one succeeds, by one conditional UPDATE. False for one that is not
 * good (any more).
 */
export async function spendToken(
  transaction: Transaction,
  purpose: TokenPurpose,
  value: string,
  now: Date,
): Promise<boolean> {
  const [result] = await transaction
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(isGood(purpose, value, now));
  return result.affectedRows > 0;
}

/**
 * Uses something up that others keep until then, such as a challenge: by an insert that can succeed only
 * once. False where it was used before.
 */
export async function spendOnce(
  transaction: Transaction,
  of: TokenOf,
  value: string,
  now: Date,
): Promise<boolean> {
  const expiresAt = new Date(now.getTime() + LIFETIMES_MS[of.purpose]);
  const row = { ...of, tokenHash: hashOf(value), createdAt: now, expiresAt, usedAt: now };
  try {
    await transaction.insert(oneTimeTokens).values(row);
    return true;
  } catch (error) {
    if (duplicateKeyOf(error) === null) throw error;
    return false;
  }
}

/** Ends a user's links that another password or address makes void: whoever has one has it no more. */
export async function endOpenLinks(
  transaction: Transaction,
  userId: number,
  now: Date,
): Promise<void> {
  await endTokens(transaction, userId, ONE_EACH, now);
}

async function endTokens(
  transaction: Transaction,
  userId: number,
  purposes: readonly TokenPurpose[],
  now: Date,
): Promise<void> {
  await transaction
    .update(oneTimeTokens)
    .set({ expiresAt: now })
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        inArray(oneTimeTokens.purpose, [...purposes]),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    );
}

const PURGE_BATCH = 1000;

/** Removes tokens that have been over for a day. How many. */
export async function purgeTokens(now: Date): Promise<number> {
  const [result] = await db()
    .delete(oneTimeTokens)
    .where(lt(oneTimeTokens.expiresAt, new Date(now.getTime() - DAY_MS)))
    .limit(PURGE_BATCH);
  return result.affectedRows;
}

function isGood(purpose: TokenPurpose, value: string, now: Date) {
  return and(
    eq(oneTimeTokens.tokenHash, hashOf(value)),
    eq(oneTimeTokens.purpose, purpose),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, now),
  );
}

function hashOf(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}

import "server-only";
import { and, asc, eq, gt, gte, inArray, isNull, ne } from "drizzle-orm";
import { oneTimeTokens, type TokenPurpose } from "@/lib/db/mail-schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import { type GoodToken, goodToken } from "@/lib/mail/one-time-tokens";

/** Which ways back from a change of a user's address are meant. */
export interface WaysBack {
  readonly userId: number;
  readonly email?: string;
  readonly since?: Date;
}

/** The first way back from a change of a user's address that is still open; null where none is. */
export async function firstWayBack(
  executor: Executor,
  { userId, email, since }: WaysBack,
  now: Date,
): Promise<GoodToken | null> {
  const [row] = await executor
    .select(goodToken)
    .from(oneTimeTokens)
    .where(
      and(
        isOpenOf(userId, "take_back", now),
        email === undefined ? undefined : eq(oneTimeTokens.email, email),
        since && gte(oneTimeTokens.createdAt, since),
      ),
    )
    .orderBy(asc(oneTimeTokens.createdAt))
    .limit(1);
  return row ?? null;
}

/** The first session of a user that they were told of by a link that is still open; null for none. */
export async function firstToldSession(
  executor: Executor,
  userId: number,
  now: Date,
): Promise<string | null> {
  const [row] = await executor
    .select({ sessionId: oneTimeTokens.sessionId })
    .from(oneTimeTokens)
    .where(isOpenOf(userId, "not_me", now))
    .orderBy(asc(oneTimeTokens.sessionId))
    .limit(1);
  return row?.sessionId ?? null;
}

/**
 * Uses up what was mailed to other addresses since a way back was: who had changed the address could
 * take it again by a link to any that it had in between.
 */
export async function spendLaterWaysBack(
  transaction: Transaction,
  { userId, email, createdAt: since }: Pick<GoodToken, "userId" | "email" | "createdAt">,
  now: Date,
): Promise<void> {
  await transaction
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        inArray(oneTimeTokens.purpose, ["take_back", "not_me", "account_return"]),
        ne(oneTimeTokens.email, email),
        gte(oneTimeTokens.createdAt, since),
        isNull(oneTimeTokens.usedAt),
      ),
    );
}

const isOpenOf = (userId: number, purpose: TokenPurpose, now: Date) =>
  and(
    eq(oneTimeTokens.userId, userId),
    eq(oneTimeTokens.purpose, purpose),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, now),
  );

import "server-only";
import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { type Executor, retryOnDeadlock, type Transaction } from "@/lib/db/transaction";

/** What a sign-in was proved with, and must find as it was. */
export interface Verified {
  /** The hash that the password fitted, where one was given. */
  readonly passwordHash?: string;
  readonly factorsChangedAt: Date | null;
  /** Whether a second factor was given: then a reset of the factors that waits is stopped. */
  readonly isByFactor: boolean;
}

/** What a user's row said before they signed in. */
export interface BeforeSignIn {
  readonly lastSignInAt: Date | null;
  /** When the account was to go for good, where its owner had closed it. */
  readonly eraseAt: Date | null;
}

/**
 * Notes the time of a sign-in, and keeps an account that its owner had closed. Takes the user's row,
 * so that a limit of sessions is exact. Null when the user may not sign in any more: gone, disabled,
 * or of another password or other factors than were verified.
 */
export async function recordSignIn(
  transaction: Transaction,
  userId: number,
  { passwordHash, factorsChangedAt, isByFactor }: Verified,
  now: Date,
): Promise<BeforeSignIn | null> {
  const isUser = eq(users.id, userId);
  const isStill = and(
    passwordHash ? eq(users.passwordHash, passwordHash) : undefined,
    factorsChangedAt
      ? eq(users.factorsChangedAt, factorsChangedAt)
      : isNull(users.factorsChangedAt),
  );
  const [before] = await transaction
    .select({ lastSignInAt: users.lastSignInAt, eraseAt: users.eraseAt })
    .from(users, { forceIndex: "PRIMARY" })
    .where(and(isUser, eq(users.status, "active"), isStill))
    .for("update");
  if (!before) return null;
  const noted = {
    lastSignInAt: now,
    eraseAt: null,
    ...(isByFactor ? { factorsResetAt: null } : {}),
  };
  await transaction.update(users).set(noted).where(isUser);
  return before;
}

/** Ends every browser's mark of being known to this user, but those that are made from now on. */
export async function forgetKnownBrowsers(
  executor: Executor,
  userId: number,
  now: Date,
): Promise<void> {
  await executor.update(users).set({ knownBrowsersSince: now }).where(eq(users.id, userId));
}

const BATCH = 1000;

/** Has nobody's browser known any more; in batches, since there may be millions of people. */
export async function forgetEverybodysBrowsers(now: Date): Promise<void> {
  for (let ids = await idsAfter(0); ids.length > 0; ids = await idsAfter(ids.at(-1) ?? 0)) {
    const batch = ids;
    await retryOnDeadlock(() =>
      db().update(users).set({ knownBrowsersSince: now }).where(inArray(users.id, batch)),
    );
  }
}

async function idsAfter(id: number): Promise<number[]> {
  const rows = await db()
    .select({ id: users.id })
    .from(users)
    .where(gt(users.id, id))
    .orderBy(asc(users.id))
    .limit(BATCH);
  return rows.map((row) => row.id);
}

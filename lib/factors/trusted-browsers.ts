import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { and, desc, eq, gt, inArray, lte } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { db } from "@/lib/db/connection";
import { trustedBrowsers } from "@/lib/db/factors-schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";

/** How long a browser is not asked for the second factor. */
export const TRUSTED_SECONDS = 30 * 86_400;

const SECRET_BYTES = 32;
const SECRET = /^[\w-]{43}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a browser holds of being trusted by one account. */
export interface BrowserTrust {
  readonly id: string;
  readonly secret: string;
}

/** A browser that an account trusts. */
export interface TrustedBrowser {
  readonly id: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
}

/** Trusts a browser for 30 days; of its secret the table keeps the SHA-256 alone. */
export async function trustBrowser(
  userId: number,
  device: Device,
  now: Date,
): Promise<BrowserTrust> {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const id = uuidv7({ msecs: now.getTime() });
  const expiresAt = new Date(now.getTime() + TRUSTED_SECONDS * 1000);
  const row = { id, userId, secretHash: hashOf(secret), ...device, createdAt: now, expiresAt };
  await db().insert(trustedBrowsers).values(row);
  return { id, secret };
}

/** Whether one of these is a user's and still good; when and where it was used is noted. */
export async function isTrusted(
  userId: number,
  brought: readonly BrowserTrust[],
  device: Device,
  now: Date,
): Promise<boolean> {
  const fit = brought.filter(({ id, secret }) => UUID.test(id) && SECRET.test(secret));
  if (fit.length === 0) return false;
  const rows = await db()
    .select({ id: trustedBrowsers.id, secretHash: trustedBrowsers.secretHash })
    .from(trustedBrowsers)
    .where(
      and(
        isGood(userId, now),
        inArray(
          trustedBrowsers.id,
          fit.map(({ id }) => id),
        ),
      ),
    );
  const row = rows.find(({ id, secretHash }) =>
    fit.some((each) => each.id === id && timingSafeEqual(hashOf(each.secret), secretHash)),
  );
  if (!row) return false;
  const used = { ...device, lastUsedAt: now };
  await db().update(trustedBrowsers).set(used).where(eq(trustedBrowsers.id, row.id));
  return true;
}

const { id, ipAddress, userAgent, createdAt, lastUsedAt, expiresAt } = trustedBrowsers;
const SHOWN = { id, ipAddress, userAgent, createdAt, lastUsedAt, expiresAt };

/** The browsers that an account trusts, the latest first. */
export async function listTrustedBrowsers(
  userId: number,
  now: Date,
): Promise<readonly TrustedBrowser[]> {
  return db()
    .select(SHOWN)
    .from(trustedBrowsers)
    .where(isGood(userId, now))
    .orderBy(desc(trustedBrowsers.id));
}

/** Ends the trust in one browser of a user; whether there was any. */
export async function endTrust(
  transaction: Transaction,
  userId: number,
  id: string,
): Promise<boolean> {
  const isIt = and(eq(trustedBrowsers.id, id), eq(trustedBrowsers.userId, userId));
  const [ended] = await transaction.delete(trustedBrowsers).where(isIt);
  return ended.affectedRows > 0;
}

/** Ends the trust in every browser of a user: their password or their factors are others now. */
export async function endAllTrust(executor: Executor, userId: number): Promise<void> {
  await executor.delete(trustedBrowsers).where(eq(trustedBrowsers.userId, userId));
}

const PURGE_BATCH = 1000;

/** Removes the trust that time has ended. How many. */
export async function purgeTrust(now: Date): Promise<number> {
  const [result] = await db()
    .delete(trustedBrowsers)
    .where(lte(trustedBrowsers.expiresAt, now))
    .limit(PURGE_BATCH);
  return result.affectedRows;
}

function isGood(userId: number, now: Date) {
  return and(eq(trustedBrowsers.userId, userId), gt(trustedBrowsers.expiresAt, now));
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

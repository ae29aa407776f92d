import "server-only";
import { and, asc, eq, gt, notLike } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { totpFactors } from "@/lib/db/factors-schema";
import { openSecret, sealSecret } from "@/lib/factors/totp";
import { log } from "@/lib/log";
import { sealKeys } from "@/lib/seal";

const BATCH = 100;

/**
 * Seals the secrets of authenticator apps anew that an older `SESSION_SECRET` has sealed, so that it can
 * be dropped. What no key opens stays as it is; what changes meanwhile wins. How many.
 */
export async function resealFactors(): Promise<number> {
  const { newest } = await sealKeys("factor");
  const isOld = and(
    ...Object.keys(newest).map((key) => notLike(totpFactors.sealedSecret, by(key))),
  );
  let resealed = 0;
  let last = 0;
  for (;;) {
    const rows = await db()
      .select({ userId: totpFactors.userId, sealedSecret: totpFactors.sealedSecret })
      .from(totpFactors)
      .where(and(gt(totpFactors.userId, last), isOld))
      .orderBy(asc(totpFactors.userId))
      .limit(BATCH);
    for (const row of rows) if (await reseal(row)) resealed += 1;
    last = rows.at(-1)?.userId ?? last;
    if (rows.length < BATCH) return resealed;
  }
}

interface Row {
  readonly userId: number;
  readonly sealedSecret: string;
}

async function reseal({ userId, sealedSecret: old }: Row): Promise<boolean> {
  const secret = await openSecret(userId, old);
  if (secret === null) return false;
  const isStill = and(eq(totpFactors.userId, userId), eq(totpFactors.sealedSecret, old));
  const sealedSecret = await sealSecret(userId, secret);
  const [result] = await db().update(totpFactors).set({ sealedSecret }).where(isStill);
  return result.affectedRows > 0;
}

/** How many secrets of authenticator apps none of the present `SESSION_SECRET` has sealed. */
export async function countLostFactors(): Promise<number> {
  const { all } = await sealKeys("factor");
  const isOurs = Object.keys(all).map((key) => notLike(totpFactors.sealedSecret, by(key)));
  return db().$count(totpFactors, and(...isOurs));
}

// A seal begins with the number of its key.
const by = (key: string) => `Fe26.2*${key}*%`;

/** Does so, and says how many. */
export async function resealAndTell(): Promise<void> {
  const resealed = await resealFactors();
  if (resealed > 0) log().info({ resealed }, "sealed secrets of authenticator apps anew");
}

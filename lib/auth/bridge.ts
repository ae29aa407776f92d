import "server-only";
import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import { judgeKey, type Worthless } from "@/lib/auth/adoption";
import { presentHash } from "@/lib/auth/django-password";
import { db } from "@/lib/db/connection";
import { adoptedSessions, identities } from "@/lib/db/django-schema";
import { inTransaction } from "@/lib/db/transaction";
import { djangoUserIds, keysAfter, missingGrants } from "@/lib/django/check";
import { isBridgeOn } from "@/lib/django/rows";
import { isRefused } from "@/lib/refused";
import { countBridged, forgetDjangoRows } from "@/lib/session/adopted";
import { DJANGO } from "@/lib/users/identities";
import { findWithCredentials } from "@/lib/users/users";

const BATCH = 500;

/** How the bridge to the Django site stands. */
export interface BridgeStatus {
  readonly isOn: boolean;
  /** Accounts here whose people have one there, and of these those whose password is ours alone. */
  readonly accounts: number;
  readonly cutOver: number;
  /** Live sessions here that go with one there. */
  readonly sessions: number;
}

export async function bridgeStatus(): Promise<BridgeStatus> {
  const isOfDjango = eq(identities.issuer, DJANGO);
  const isCutOver = and(isOfDjango, isNotNull(identities.cutOverAt));
  return {
    isOn: isBridgeOn(),
    accounts: await db().$count(identities, isOfDjango),
    cutOver: await db().$count(identities, isCutOver),
    sessions: await countBridged(),
  };
}

/** What the bridge would do, before it does anything. */
export interface BridgeCheck {
  /** What the account at the database may not do with Django's tables. */
  readonly missingGrants: readonly string[];
  /** Live sessions there that would be taken over. */
  readonly adopted: number;
  /** Those that would not, by why. */
  readonly refused: Partial<Record<Worthless["refused"], number>>;
  /** Primary keys of people there who have no account here. */
  readonly withoutAccount: readonly string[];
}

/** Judges every live session at Django as its first visit here would be. Writes nothing. */
export async function checkBridge(
  now: Date,
  tell: (judged: number) => void = () => {},
): Promise<BridgeCheck> {
  const missing = await missingGrants();
  if (missing.some((grant) => grant.startsWith("SELECT")))
    return { missingGrants: missing, adopted: 0, refused: {}, withoutAccount: [] };
  let adopted = 0;
  const refused: Partial<Record<Worthless["refused"], number>> = {};
  for (let keys = await keysAfter("", BATCH, now); keys.length > 0; ) {
    for (const key of keys) {
      const judged = await judgeKey(key, now);
      if (isRefused(judged)) refused[judged.refused] = (refused[judged.refused] ?? 0) + 1;
      else adopted += 1;
    }
    tell(adopted + Object.values(refused).reduce((sum, each) => sum + each, 0));
    keys = await keysAfter(keys.at(-1) ?? "", BATCH, now);
  }
  return { missingGrants: missing, adopted, refused, withoutAccount: await strangers() };
}

async function strangers(): Promise<string[]> {
  const ids = await djangoUserIds();
  const known = new Set<string>();
  for (let from = 0; from < ids.length; from += BATCH) {
    const isThem = inArray(identities.subject, ids.slice(from, from + BATCH));
    const found = await db()
      .select({ subject: identities.subject })
      .from(identities)
      .where(and(eq(identities.issuer, DJANGO), isThem));
    for (const { subject } of found) known.add(subject);
  }
  return ids.filter((id) => !known.has(id));
}

/**
 * Ends that Django's table owns passwords: the last of each is copied here, and what is set here from then
 * on is not written there. How many accounts; one at a time, so that it can be run again.
 */
export async function cutOver(now: Date, tell: (done: number) => void = () => {}): Promise<number> {
  const isOpen = and(eq(identities.issuer, DJANGO), isNull(identities.cutOverAt));
  let done = 0;
  for (;;) {
    const batch = await db().select().from(identities).where(isOpen).limit(BATCH);
    if (batch.length === 0) return done;
    for (const { id, userId } of batch) {
      const found = await findWithCredentials(userId);
      if (found) await presentHash(found);
      await db().update(identities).set({ cutOverAt: now }).where(eq(identities.id, id));
      done += 1;
    }
    tell(done);
  }
}

/** Forgets what the bridge has kept here: who people are there, keys, and which sessions go with them. */
export async function removeBridge(): Promise<{ readonly accounts: number }> {
  return inTransaction(async (transaction) => {
    await forgetDjangoRows(transaction);
    await transaction.delete(adoptedSessions);
    const [gone] = await transaction.delete(identities).where(eq(identities.issuer, DJANGO));
    return { accounts: gone.affectedRows };
  });
}

import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { identities } from "@/lib/db/django-schema";
import type { Executor } from "@/lib/db/transaction";

/** Who somebody is at another system. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** The issuer of whoever has an account at the Django site. */
export const DJANGO = "django";

/** Whose account it is here; null where it is nobody's. */
export async function userOfIdentity({ issuer, subject }: Identity): Promise<number | null> {
  const isIt = and(eq(identities.issuer, issuer), eq(identities.subject, subject));
  const [row] = await db().select({ userId: identities.userId }).from(identities).where(isIt);
  return row?.userId ?? null;
}

/** Who a user is at another system; null where they are nobody there. */
export async function identityOf(
  userId: number,
  issuer: string,
  executor: Executor = db(),
): Promise<Identity | null> {
  const isTheirs = and(eq(identities.userId, userId), eq(identities.issuer, issuer));
  const [row] = await executor
    .select({ issuer: identities.issuer, subject: identities.subject })
    .from(identities)
    .where(isTheirs)
    .limit(1);
  return row ?? null;
}

/** Notes who a user is at another system. Throws where that is somebody else's account already. */
export async function linkIdentity(
  executor: Executor,
  userId: number,
  { issuer, subject }: Identity,
  now: Date,
): Promise<void> {
  await executor.insert(identities).values({ issuer, subject, userId, createdAt: now });
}

import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { identities } from "@/lib/db/django-schema";
import { users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";

/** Who somebody is at another system. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** The issuer of whoever has an account at the Django site. */
export const DJANGO = "django";

/** An identity that has an account here. */
export interface FoundIdentity extends Identity {
  readonly userId: number;
  /** From when on their password is ours alone; null while that system owns it. */
  readonly cutOverAt: Date | null;
}

const { issuer, subject, userId, cutOverAt } = identities;
const columns = { issuer, subject, userId, cutOverAt };

/** Whose account it is here; null where it is nobody's. */
export async function findIdentity(of: Identity): Promise<FoundIdentity | null> {
  const isIt = and(eq(issuer, of.issuer), eq(subject, of.subject));
  const [row] = await db().select(columns).from(identities).where(isIt);
  return row ?? null;
}

/** Who a user is at another system; null where they are nobody there. */
export async function identityOf(
  ofUser: number,
  issuerName: string,
  executor: Executor = db(),
): Promise<FoundIdentity | null> {
  const isTheirs = and(eq(userId, ofUser), eq(issuer, issuerName));
  const [row] = await executor.select(columns).from(identities).where(isTheirs).limit(1);
  return row ?? null;
}

/** The user names of those accounts that are of these people at another system, by who they are there. */
export async function usernamesOfIdentities(
  issuerName: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (subjects.length === 0) return new Map();
  const found = await db()
    .select({ subject, username: users.username })
    .from(identities)
    .innerJoin(users, eq(users.id, userId))
    .where(and(eq(issuer, issuerName), inArray(subject, [...subjects])));
  return new Map(found.map((row) => [row.subject, row.username]));
}

/** Notes who users are at another system. Throws where that is somebody else's account already. */
export async function linkIdentities(
  executor: Executor,
  known: readonly (Identity & { readonly userId: number })[],
  now: Date,
): Promise<void> {
  if (known.length === 0) return;
  await executor.insert(identities).values(known.map((each) => ({ ...each, createdAt: now })));
}

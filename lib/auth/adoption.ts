import "server-only";
import { isKnownTo } from "@/lib/auth/known-browser";
import type { MoreNeeded, Proven } from "@/lib/auth/methods";
import { printOf } from "@/lib/auth/password";
import type { Client } from "@/lib/auth/password-attempt";
import type { DjangoRow } from "@/lib/db/django-row";
import { fitsPassword } from "@/lib/django/auth-hash";
import { djangoKeys, findDjangoSession, findDjangoUser, passwordPrint } from "@/lib/django/rows";
import { lacksFactor } from "@/lib/factors/policy";
import { isTrusted } from "@/lib/factors/trusted-browsers";
import { isRefused, type Refused } from "@/lib/refused";
import { DJANGO, findIdentity } from "@/lib/users/identities";
import { findWithCredentials } from "@/lib/users/users";

/**
 * Whom a session at the Django site proves: it must be signed there, not be over, and be of the password
 * that its user has there now; they must be active there and here. Their second factor is asked for here.
 * Null for anybody else, with no word of why: such a key is worth nothing here.
 */
export async function proveByDjango(
  key: string,
  client: Client,
  now: Date,
): Promise<Proven | MoreNeeded | null> {
  const judged = await judgeKey(key, now);
  if (isRefused(judged)) return null;
  const { found, adopted } = judged;
  const { user, passwordHash } = found;
  const { factorsChangedAt } = user;
  if (!factorsChangedAt || (await isTrusted(user.id, client.trust ?? [], client.device, now)))
    return { user, methods: ["django"], passwordHash, adopted };
  const isNewBrowser = !isKnownTo(client.known, { ...user, ...found }, now);
  const print = printOf(passwordHash);
  const step = { userId: user.id, typed: "username", passwordPrint: print, isNewBrowser } as const;
  return { refused: "more_needed", step: { ...step, factorsChangedAt, adopted } };
}

/** Why a key of Django is worth nothing here: for its operator alone. */
export type Worthless = Refused<
  "over" | "unreadable" | "nobodys" | "inactive" | "former_password" | "no_account" | "not_here"
>;

/** Who is signed in by a key of Django and may be here, or why nobody. */
export async function judgeKey(
  key: string,
  now: Date,
): Promise<{ readonly found: Found; readonly adopted: DjangoRow } | Worthless> {
  const theirs = await findDjangoSession(key, now);
  if (isRefused(theirs)) return theirs;
  const owner = await findDjangoUser(theirs.userId);
  if (!owner?.isActive) return { refused: "inactive" };
  if (!fitsPassword(theirs.authHash, owner.password, djangoKeys()))
    return { refused: "former_password" };
  const identity = await findIdentity({ issuer: DJANGO, subject: theirs.userId });
  const found = identity && (await findWithCredentials(identity.userId));
  if (!found) return { refused: "no_account" };
  if (!mayBeAdopted(found, identity.cutOverAt)) return { refused: "not_here" };
  const { userId, expiresAt } = theirs;
  const adopted = { key, userId, passwordPrint: passwordPrint(owner.password), expiresAt };
  return { found, adopted };
}

type Found = NonNullable<Awaited<ReturnType<typeof findWithCredentials>>>;

// Django's table owns passwords until the cut-over: what was set here since is not known there. An account
// that its owner has closed is opened again by themselves alone.
function mayBeAdopted({ user, eraseAt }: Found, cutOverAt: Date | null): boolean {
  const isOpen = user.status === "active" && user.emailVerifiedAt !== null && !lacksFactor(user);
  const isFromThere = !cutOverAt || !user.passwordSetAt || user.passwordSetAt < cutOverAt;
  return isOpen && isFromThere && !user.passwordIsTemporary && eraseAt === null;
}

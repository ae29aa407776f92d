import "server-only";
import { isKnownTo } from "@/lib/auth/known-browser";
import type { MoreNeeded, Proven } from "@/lib/auth/methods";
import { printOf } from "@/lib/auth/password";
import type { Client } from "@/lib/auth/password-attempt";
import { fitsPassword } from "@/lib/django/auth-hash";
import { djangoKeys, findDjangoSession, findDjangoUser, passwordPrint } from "@/lib/django/rows";
import { lacksFactor } from "@/lib/factors/policy";
import { isTrusted } from "@/lib/factors/trusted-browsers";
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
  const theirs = await findDjangoSession(key, now);
  const owner = theirs && (await findDjangoUser(theirs.userId));
  if (!theirs || !owner?.isActive) return null;
  if (!fitsPassword(theirs.authHash, owner.password, djangoKeys())) return null;
  const identity = await findIdentity({ issuer: DJANGO, subject: theirs.userId });
  const found = identity && (await findWithCredentials(identity.userId));
  if (!found || !mayBeAdopted(found, identity.cutOverAt)) return null;
  const { user, passwordHash } = found;
  const adopted = {
    key,
    userId: theirs.userId,
    passwordPrint: passwordPrint(owner.password),
    expiresAt: theirs.expiresAt,
  };
  const { factorsChangedAt } = user;
  if (!factorsChangedAt || (await isTrusted(user.id, client.trust ?? [], client.device, now)))
    return { user, methods: ["django"], passwordHash, adopted };
  const isNewBrowser = !isKnownTo(client.known, { ...user, ...found }, now);
  const print = printOf(passwordHash);
  const step = { userId: user.id, typed: "username", passwordPrint: print, isNewBrowser } as const;
  return { refused: "more_needed", step: { ...step, factorsChangedAt, adopted } };
}

type Found = NonNullable<Awaited<ReturnType<typeof findWithCredentials>>>;

// Django's table owns passwords until the cut-over: what was set here since is not known there. An account
// that its owner has closed is opened again by themselves alone.
function mayBeAdopted({ user, eraseAt }: Found, cutOverAt: Date | null): boolean {
  const isOpen = user.status === "active" && user.emailVerifiedAt !== null && !lacksFactor(user);
  const isFromThere = !cutOverAt || !user.passwordSetAt || user.passwordSetAt < cutOverAt;
  return isOpen && isFromThere && !user.passwordIsTemporary && eraseAt === null;
}

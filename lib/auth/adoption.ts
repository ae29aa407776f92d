import "server-only";
import { isKnownTo } from "@/lib/auth/known-browser";
import type { MoreNeeded, Proven } from "@/lib/auth/methods";
import { printOf } from "@/lib/auth/password";
import type { Client } from "@/lib/auth/password-attempt";
import { fitsPassword } from "@/lib/django/auth-hash";
import { djangoKeys, findDjangoSession, findDjangoUser, passwordPrint } from "@/lib/django/rows";
import { lacksFactor } from "@/lib/factors/policy";
import { isTrusted } from "@/lib/factors/trusted-browsers";
import { DJANGO, userOfIdentity } from "@/lib/users/identities";
import { NOBODYS_PASSWORD } from "@/lib/users/user";
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
  const userId = await userOfIdentity({ issuer: DJANGO, subject: theirs.userId });
  const found = userId === null ? null : await findWithCredentials(userId);
  if (!found || !mayBeAdopted(found)) return null;
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

// A password that was set here, or is nobody's since somebody else was in, is not the one there.
// An account that its owner has closed is opened again by themselves alone.
function mayBeAdopted({ user, passwordHash, eraseAt }: Found): boolean {
  const isOpen = user.status === "active" && user.emailVerifiedAt !== null && !lacksFactor(user);
  const isFromThere = user.passwordSetAt === null && !passwordHash.startsWith(NOBODYS_PASSWORD);
  return isOpen && isFromThere && !user.passwordIsTemporary && eraseAt === null;
}

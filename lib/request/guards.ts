import "server-only";
import { headers } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { lacksFactor, type NeededProof } from "@/lib/factors/policy";
import { log } from "@/lib/log";
import { bringsAny, namedRefused, refusedWay } from "@/lib/request/clear-cookie";
import { currentPath } from "@/lib/request/client";
import { type Current, currentSession, hasProved, presentedSession } from "@/lib/request/current";
import { isAction, isEmbedded } from "@/lib/request/origin";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import { forgetAllCookies, reached } from "@/lib/request-scope";
import type { Role } from "@/lib/roles";
import { AuthorityLost } from "@/lib/session/authority";
import type { Presented } from "@/lib/session/resume";
import { isAtLeast, type User } from "@/lib/users/user";

/**
 * The guard of a page or an action: the live session and its user. Everybody else is sent on: a
 * stranger to the sign-in page; whose session is over by the way that clears the cookie, which no
 * render can; who has a temporary password to the page that replaces it, for which alone
 * `allowTemporaryPassword` is there; who must have a second factor and has none to the page that sets
 * one up, for which alone `allowWithoutFactor` is there; whose last proof is not `fresh` (of the last
 * 15 minutes) or had not the `factor` that is named to where they give one; and when the database is
 * away, to the page that says so, with the cookie untouched.
 */
export async function requireSession(needed: Allowed & NeededProof = {}): Promise<Current> {
  return admitted("member", needed);
}

/** What a page is for that others keep people from. */
interface Allowed {
  readonly allowTemporaryPassword?: boolean;
  readonly allowWithoutFactor?: boolean;
}

/**
 * The guard of a page for a role and those above it; what else is `needed` as with `requireSession`. For
 * the others the page does not exist: 404.
 */
export async function requireRole(role: Role, needed: NeededProof = {}): Promise<Current> {
  return admitted(role, needed);
}

async function admitted(role: Role, needed: Allowed & NeededProof): Promise<Current> {
  if (isEmbedded(await headers())) forbidden();
  const presented = await presentedOrUnavailable();
  if (presented.state === "live") {
    // First, since no way on may lead from a page that does not exist.
    if (!isAtLeast(presented.user.role, role)) notFound();
    const missing = missingPath(presented.user, needed);
    if (missing) redirect(withReturnTo(missing, await currentPath()));
    if (presented.session.isRotationDue && presented.token !== "former")
      redirect(withReturnTo("/session/renew", await currentPath()));
    const current = presented.token === "former" ? await orAgain(presented) : presented;
    await requireProof(current, needed);
    return current;
  }
  if (presented.state === "none") redirect(withReturnTo("/sign-in", await currentPath()));
  redirect(await wayOut(presented, await currentPath()));
}

// By where the cookies are cleared; the sessions of several users are named on the way.
async function wayOut(presented: Presented, returnTo: string): Promise<string> {
  return presented.state === "several"
    ? refusedWay("/session/ended", presented.sessionIds, returnTo)
    : withReturnTo("/session/ended", returnTo);
}

// Where one gets what one must have first; null for who has it, and where it is being got. A password
// of one's own comes first: its page is open to who has no factor either.
function missingPath(user: User, allowed: Allowed): string | null {
  const { allowTemporaryPassword = false, allowWithoutFactor = false } = allowed;
  if (user.passwordIsTemporary) return allowTemporaryPassword ? null : "/account/password";
  return lacksFactor(user) && !allowWithoutFactor ? "/account/factors" : null;
}

/**
 * The guard of an action, or a page, that needs a proof given lately (ASVS 7.5.1): who gave it longer
 * ago is asked for it, and led back to the page to press again.
 */
export async function requireRecentProof(role: Role = "member"): Promise<Current> {
  return admitted(role, { fresh: true });
}

// Who has no factor at all sets one up, which proves it as well.
async function requireProof(current: Current, needed: NeededProof): Promise<void> {
  if (hasProved(current, needed, new Date())) return;
  const { factor } = needed;
  if (factor && current.user.factorsChangedAt === null)
    redirect(withReturnTo("/account/factors", await currentPath()));
  const asked = factor ? { factor: factor === true ? "any" : factor } : undefined;
  redirect(withReturnTo("/reauthenticate", await currentPath(), asked));
}

/**
 * Does what an action is for; who has lost the authority to it since the guard looked (AuthorityLost)
 * is sent on as the guard would have sent them.
 */
export async function orTurnedAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AuthorityLost)) throw error;
    if (error.why === "not_allowed") notFound();
    if (error.why === "secret_replaced") redirect(await currentPath());
    const way = error.why === "proof_needed" ? "/reauthenticate" : "/session/ended";
    redirect(withReturnTo(way, await currentPath()));
  }
}

/**
 * What a page for anybody asks of the database; while that is away it leads to the page that says so.
 */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  reached();
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    log().error({ err: error }, "the database cannot be reached");
  }
  // Outside of the catch: a redirect is thrown.
  redirect(withReturnTo("/unavailable", await currentPath()));
}

/** The guard of a page for anybody: who is signed in, or null; as with `currentSession`. */
export async function anyVisitor(): Promise<Current | null> {
  await presentedOrUnavailable();
  return currentSession();
}

/** Where the sign-in page leads, and what its visitor has to know. */
interface Stranger {
  readonly returnTo: string;
  /** A cookie that was taken away came back all the same: something beside this site sets it. */
  readonly isCookieBack: boolean;
}

/**
 * The guard of the sign-in page. Who is signed in goes on at once; whose session is over goes by the
 * way that clears the cookie and comes back with the reason. With a reason it is shown whatever is
 * still there: a cookie that could not be cleared must not send anybody in circles. Where that is a
 * session that was refused, the browser is told to forget all cookies of the site.
 */
export async function redirectIfSignedIn(
  query: Promise<{ returnTo?: unknown; reason?: unknown; refused?: unknown }>,
): Promise<Stranger> {
  const presented = await presentedOrUnavailable();
  const { reason, refused, ...asked } = await query;
  const returnTo = safeReturnTo(asked.returnTo);
  const isCookieBack = bringsAny(presented, await namedRefused(refused));
  if (isCookieBack) forgetAllCookies();
  else if (presented.state === "live") redirect(returnTo);
  else if (presented.state === "several" || (presented.state !== "none" && reason === undefined))
    redirect(await wayOut(presented, returnTo));
  return { returnTo, isCookieBack };
}

// The former secret may read. An action leads back to its page, which comes with the present secret
// by then: nothing is changed, no cookie is set, and the person presses again.
async function orAgain(current: Current): Promise<Current> {
  if (isAction(await headers())) redirect(await currentPath());
  return current;
}

function presentedOrUnavailable(): Promise<Presented> {
  return orUnavailable(presentedSession);
}

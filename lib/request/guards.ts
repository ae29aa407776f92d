import "server-only";
import { headers } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { log } from "@/lib/log";
import { bringsAny, namedRefused, refusedWay } from "@/lib/request/clear-cookie";
import { currentPath } from "@/lib/request/client";
import {
  type Current,
  currentSession,
  isRecentlyProven,
  presentedSession,
} from "@/lib/request/current";
import { isAction, isEmbedded } from "@/lib/request/origin";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import { forgetAllCookies, reached } from "@/lib/request-scope";
import type { Role } from "@/lib/roles";
import { AuthorityLost } from "@/lib/session/authority";
import type { Presented } from "@/lib/session/resume";
import { isAtLeast } from "@/lib/users/user";

/**
 * The guard of a page or an action: the live session and its user. Everybody else is sent on: a
 * stranger to the sign-in page; whose session is over by the way that clears the cookie, which no
 * render can; who has a temporary password to the page that replaces it, for which alone
 * `allowTemporaryPassword` is there; and when the database is away, to the page that says so, with
 * the cookie untouched.
 */
export async function requireSession({ allowTemporaryPassword = false } = {}): Promise<Current> {
  return admitted("member", allowTemporaryPassword);
}

/** The guard of a page for a role and those above it. For the others the page does not exist: 404. */
export async function requireRole(role: Role): Promise<Current> {
  return admitted(role, false);
}

async function admitted(role: Role, allowTemporaryPassword: boolean): Promise<Current> {
  if (isEmbedded(await headers())) forbidden();
  const presented = await presentedOrUnavailable();
  if (presented.state === "live") {
    // First, since no way on may lead from a page that does not exist.
    if (!isAtLeast(presented.user.role, role)) notFound();
    if (presented.user.passwordIsTemporary && !allowTemporaryPassword)
      redirect(withReturnTo(OWN_PASSWORD_PATH, await currentPath()));
    if (presented.token === "former") return orAgain(presented);
    if (!presented.session.isRotationDue) return presented;
    redirect(withReturnTo("/session/renew", await currentPath()));
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

/** Where one sets a password of one's own. */
const OWN_PASSWORD_PATH = "/account/password";

/**
 * The guard of an action, or a page, that needs a password given lately (ASVS 7.5.1): who gave it
 * longer ago is asked for it, and led back to the page to press again.
 */
export async function requireRecentProof(role: Role = "member"): Promise<Current> {
  const current = await requireRole(role);
  if (!isRecentlyProven(current, new Date()))
    redirect(withReturnTo("/reauthenticate", await currentPath()));
  return current;
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

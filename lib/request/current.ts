import "server-only";
import { headers } from "next/headers";
import { inTransaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { metrics } from "@/lib/metrics";
import { recordActivity } from "@/lib/request/activity";
import { asked, isWithoutCookie, setSessionCookie, tokensOf } from "@/lib/request/session-cookie";
import { keepAhead, reached, takeAhead } from "@/lib/request-scope";
import { renewSession } from "@/lib/session/lifecycle";
import { isProofFresh } from "@/lib/session/policy";
import { type Presented, presentedBy } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";
import { BroughtSecret } from "@/lib/session/token";
import type { User } from "@/lib/users/user";

/** A live session and its user. */
export interface Current {
  readonly session: Session;
  readonly user: User;
  /** With which secret it came: that with the former one may read and sign out, and nothing else. */
  readonly token: "present" | "former";
  readonly brought: BroughtSecret;
}

/**
 * Whether a password was given lately by whoever asks (ASVS 7.5.1). Whoever comes with the former
 * secret did not give it: the proof brought the present one, and only to the browser that gave it.
 */
export function isRecentlyProven({ session, token }: Current, now: Date): boolean {
  return token === "present" && isProofFresh(session, now);
}

/**
 * The live session of this request with its user; null when there is none, or when it was begun
 * with a temporary password, which opens nothing but the page that replaces it. Throws
 * DatabaseUnavailable.
 */
export async function currentSession(): Promise<Current | null> {
  const presented = await presentedSession();
  return presented.state === "live" && !presented.user.passwordIsTemporary ? presented : null;
}

/** Who is signed in; null when nobody is, as with `currentSession`. Throws DatabaseUnavailable. */
export async function currentUser(): Promise<User | null> {
  return (await currentSession())?.user ?? null;
}

/**
 * What the cookies are worth, with the reason where there is no live session. It does not look at
 * how the user signed in: only guards, and what must work with a temporary password, ask it. Throws
 * DatabaseUnavailable.
 */
export async function presentedSession(): Promise<Presented> {
  const requestHeaders = await headers();
  const known = asked.get(requestHeaders);
  if (known) return known;
  reached();
  // Only `resumeAhead` keeps something.
  const ahead = takeAhead() as Presented | undefined;
  const presented = ahead ? Promise.resolve(ahead) : resumePresented(requestHeaders);
  asked.set(requestHeaders, presented);
  const outcome = await presented;
  metrics().resumes.inc({ result: outcome.state });
  recordActivity(outcome, requestHeaders);
  if (outcome.state === "several")
    log().warn(
      { sessionIds: outcome.sessionIds },
      "live sessions of several users in one request: none was taken",
    );
  return presented;
}

/**
 * What the cookies among these headers are worth, asked anew. A leftover cookie of the same name may
 * come first: any live one of a user counts, that with the present secret before others. Throws
 * DatabaseUnavailable.
 */
export async function resumePresented(requestHeaders: Headers): Promise<Presented> {
  if (isWithoutCookie(requestHeaders)) return { state: "none" };
  return presentedBy(await tokensOf(requestHeaders), new Date());
}

/**
 * What the cookies of a request that only reads are worth, before it is served: the guard that asks next
 * need not read the row again. What changes something is judged when it has come whole, and not by this.
 */
export async function resumeAhead(requestHeaders: Headers): Promise<Presented> {
  const presented = await resumePresented(requestHeaders);
  keepAhead(presented);
  return presented;
}

/**
 * Gives a session whose user has got another role its new secret. Of parallel requests one does;
 * the old secret stays good for what the others read. Never for the former secret: a copy of it must
 * not become the present one. The request goes on with what it gives. Only in actions and route
 * handlers.
 */
export async function renewIfDue(current: Current): Promise<Current> {
  const { session } = current;
  if (!session.isRotationDue || current.token === "former") return current;
  const now = new Date();
  const token = await inTransaction((transaction) => renewSession(transaction, current, now));
  if (!token) return current;
  await setSessionCookie({ session, token }, now);
  return { ...current, brought: new BroughtSecret(token.secret) };
}

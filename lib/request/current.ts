import "server-only";
import { headers } from "next/headers";
import { log } from "@/lib/log";
import { metrics } from "@/lib/metrics";
import { recordActivity } from "@/lib/request/activity";
import { keepAhead, reached, takeAhead } from "@/lib/request-scope";
import { cookieValues, openCookies, type Token } from "@/lib/session/cookie";
import { isProofFresh } from "@/lib/session/policy";
import { liveIdsOf, type Presented, presentedBy } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";
import type { BroughtSecret } from "@/lib/session/token";
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

// One read a request, however often and wherever asked. React's `cache` does nothing in actions
// and route handlers; the headers object is the same for the whole of a request.
const asked = new WeakMap<object, Promise<Presented>>();
// What a request's answer hands over in place of the cookies that it brought; null: nothing.
const handedOver = new WeakMap<object, Token | null>();

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

/** Every token that this request holds, whatever it is worth. */
export async function presentedTokens(): Promise<Token[]> {
  return tokensOf(await headers());
}

/** Every live session that this request's tokens open: a browser may present several. */
export async function presentedLiveIds(now: Date): Promise<string[]> {
  return liveIdsOf(await presentedTokens(), now);
}

/**
 * Makes what the response hands over (a session that has begun, a new secret, or nothing after a
 * sign-out) what this request presents from now on: what is asked or written later in the same
 * action or handler is of that session, not of the cookie that came.
 */
export async function presentInstead(token: Token | null): Promise<void> {
  handedOver.set(await headers(), token);
  await forgetPresented();
}

/** Makes the next question of this request read the row again, after the session was changed. */
export async function forgetPresented(): Promise<void> {
  asked.delete(await headers());
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

function isWithoutCookie(requestHeaders: Headers): boolean {
  const token = handedOver.get(requestHeaders);
  if (token !== undefined) return token === null;
  return cookieValues(requestHeaders.get("cookie")).length === 0;
}

// Once a request: a header can hold scores of forged seals, and each costs a derivation.
const opened = new WeakMap<object, Promise<Token[]>>();

async function tokensOf(requestHeaders: Headers): Promise<Token[]> {
  const token = handedOver.get(requestHeaders);
  if (token !== undefined) return token ? [token] : [];
  const known = opened.get(requestHeaders) ?? openCookies(requestHeaders.get("cookie"));
  opened.set(requestHeaders, known);
  return known;
}

import "server-only";
import { cookies, headers } from "next/headers";
import { settings } from "@/lib/env";
import {
  cookieAttributes,
  cookieMaxAge,
  cookieValues,
  openCookies,
  sealToken,
  sessionCookieName,
  type Token,
} from "@/lib/session/cookie";
import type { Started } from "@/lib/session/lifecycle";
import { liveIdsOf, type Presented } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";

/**
 * Hands the browser its sealed token; the request itself goes on with that session. Only in actions
 * and route handlers.
 */
export async function setSessionCookie(
  { session, token }: Pick<Started, "session" | "token">,
  now: Date,
): Promise<void> {
  const attributes = cookieAttributes(cookieMaxAge(session, now));
  (await cookies()).set(sessionCookieName(), await sealToken(token, now), attributes);
  await presentInstead(token);
}

/** Hands the browser the cookie of a session at Django that has begun with the one here. */
export async function setDjangoCookie(key: string, session: Session, now: Date): Promise<void> {
  const { DJANGO_SESSION_COOKIE_NAME: name } = settings();
  (await cookies()).set(name, key, cookieAttributes(cookieMaxAge(session, now)));
}

/**
 * What a request's cookies turned out to be worth: one read, however often and wherever asked. React's
 * `cache` does nothing in actions and route handlers; the headers object is the same for all of it.
 */
export const asked = new WeakMap<object, Promise<Presented>>();
// What a request's response hands over in place of the cookies that it brought; null: nothing.
const handedOver = new WeakMap<object, Token | null>();

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

/** Whether nobody is signed in by what a request brings: no cookie is there to be opened. */
export function isWithoutCookie(requestHeaders: Headers): boolean {
  const token = handedOver.get(requestHeaders);
  if (token !== undefined) return token === null;
  return cookieValues(requestHeaders.get("cookie")).length === 0;
}

// Once a request: a header can hold scores of forged seals, and each costs a derivation.
const opened = new WeakMap<object, Promise<Token[]>>();

/** The tokens among these headers, or the one that took their place. */
export async function tokensOf(requestHeaders: Headers): Promise<Token[]> {
  const token = handedOver.get(requestHeaders);
  if (token !== undefined) return token ? [token] : [];
  const known = opened.get(requestHeaders) ?? openCookies(requestHeaders.get("cookie"));
  opened.set(requestHeaders, known);
  return known;
}

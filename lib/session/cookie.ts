import { LRUCache } from "lru-cache";
import { settings } from "@/lib/env";
import { seal, unseal } from "@/lib/seal";

/** What the sealed cookie holds: the row's handle, the secret that fits it, and the last moment. */
export interface Token {
  readonly sessionId: string;
  readonly secret: string;
  readonly absoluteExpiresAt: Date;
}

export interface CookieAttributes {
  readonly httpOnly: true;
  readonly secure: boolean;
  readonly sameSite: "lax" | "strict";
  readonly path: "/";
  readonly domain?: string;
  readonly maxAge?: number;
}

// The short names keep the cookie small; `v` lets a later version change the rest.
interface Payload {
  v: 1;
  id: string;
  s: string;
  /** The absolute end in seconds since 1970. */
  x: number;
}

/** RFC 6265bis: browsers cut a longer life. */
export const LONGEST_MAX_AGE_SECONDS = 400 * 86_400;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// Opening a seal costs five times the database read. Only what opened is kept, and its age is
// judged on each use. Bounded: a stranger cannot make seals, and old ones fall out.
const opened = new LRUCache<string, Token>({ max: 5000 });

/** The cookie's name, with the prefix that makes browsers hold its attributes (RFC 6265bis). */
export function sessionCookieName(): string {
  return prefixed(settings().SESSION_COOKIE_NAME);
}

/** A cookie's name as it is sent. */
export function prefixed(name: string): string {
  if (!isSecure()) return name;
  return settings().SESSION_COOKIE_DOMAIN ? `__Secure-${name}` : `__Host-${name}`;
}

/** The one place of the cookie's attributes; without an end it goes with the browser. */
export function cookieAttributes(maxAgeSeconds?: number): CookieAttributes {
  const { SESSION_COOKIE_DOMAIN: domain, SESSION_COOKIE_SAMESITE: sameSite } = settings();
  return {
    httpOnly: true,
    secure: isSecure(),
    sameSite,
    path: "/",
    ...(domain ? { domain } : {}),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  };
}

/** How long the browser keeps the cookie; undefined: until it closes. Never for the idle time,
 * which the row alone decides: a page view could not renew a cookie. */
export function cookieMaxAge(
  session: { persistent: boolean; absoluteExpiresAt: Date },
  now: Date,
): number | undefined {
  if (!session.persistent || settings().SESSION_EXPIRE_AT_BROWSER_CLOSE) return undefined;
  const seconds = Math.floor((session.absoluteExpiresAt.getTime() - now.getTime()) / 1000);
  return Math.min(Math.max(seconds, 0), LONGEST_MAX_AGE_SECONDS);
}

/** Seals a token into the cookie's value with the newest secret. The seal ends when it does. */
export async function sealToken(token: Token, now: Date): Promise<string> {
  const end = Math.floor(token.absoluteExpiresAt.getTime() / 1000);
  const payload: Payload = { v: 1, id: token.sessionId, s: token.secret, x: end };
  // iron-session takes 0 for "never ends".
  const ttl = Math.max(end - Math.floor(now.getTime() / 1000), 1);
  return seal("session", payload, ttl);
}

/** Opens a cookie's value. Null for whatever is not a seal of ours. Its age is not judged here. */
export async function openSeal(value: string): Promise<Token | null> {
  const known = opened.get(value);
  if (known) return known;
  const payload = await unseal<Payload>("session", value);
  const token = payload && tokenOf(payload);
  if (token) opened.set(value, token);
  return token;
}

/**
 * Every token of a `Cookie` header: no number of leftover or tossed cookies of the same name shuts
 * anybody out. The header itself bounds the work: 16 KiB, the most that Node takes, hold 53 values
 * of the length of a seal.
 */
export async function openCookies(cookieHeader: string | null): Promise<Token[]> {
  const tokens: Token[] = [];
  for (const value of new Set(cookieValues(cookieHeader))) {
    const token = await openSeal(value);
    if (token) tokens.push(token);
  }
  return tokens;
}

/** The values that a `Cookie` header gives a name, letter case counted (RFC 6265bis). */
export function cookieValues(cookieHeader: string | null, name = sessionCookieName()): string[] {
  const start = `${name}=`;
  const pairs = (cookieHeader ?? "").split(";").map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
}

function tokenOf(payload: Partial<Payload>): Token | null {
  const { v, id, s, x } = payload;
  if (v !== 1 || typeof id !== "string" || !ID.test(id)) return null;
  if (typeof s !== "string" || typeof x !== "number") return null;
  return { sessionId: id, secret: s, absoluteExpiresAt: new Date(x * 1000) };
}

function isSecure(): boolean {
  return settings().APP_URL.protocol === "https:";
}

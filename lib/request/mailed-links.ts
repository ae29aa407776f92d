import "server-only";
import { cookies } from "next/headers";
import { settings } from "@/lib/env";
import { type CookieAttributes, cookieAttributes, prefixed } from "@/lib/session/cookie";

/** Where the links of mails lead. */
export const LINK_PATHS = [
  "/reset-password",
  "/verify-email",
  "/invitation",
  "/not-me",
  "/take-back",
] as const;
export type LinkPath = (typeof LINK_PATHS)[number];

const TOKEN = /^[\w-]{22}$/;
/** As long as the shortest of them lives. */
const KEPT_SECONDS = 20 * 60;

function linkCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-link`);
}

// Never `strict`: the browser comes from the reader's mail. For this host alone.
function linkCookieAttributes(): CookieAttributes {
  const { domain: _, ...attributes } = cookieAttributes(KEPT_SECONDS);
  return { ...attributes, sameSite: "lax" };
}

/** The answer to a mail's link. */
export interface WithoutToken {
  readonly location: string;
  readonly setCookie: string;
}

/**
 * Takes the token of a mail's link out of the address at once, before anything can write it down or
 * send it on as a referrer, and into a short cookie (RS-2). Null for every other address. Changes
 * nothing else: whoever scans mail opens links, too.
 */
export function withoutToken(url: string): WithoutToken | null {
  const [path = "", query = ""] = url.split("?", 2);
  if (!isLinkPath(path)) return null;
  const token = new URLSearchParams(query).get("token");
  if (token === null) return null;
  const value = TOKEN.test(token) ? `${path.slice(1)}.${token}` : "";
  return { location: path, setCookie: cookieLine(value) };
}

function isLinkPath(path: string): path is LinkPath {
  return LINK_PATHS.some((each) => each === path);
}

function cookieLine(value: string): string {
  const { secure, maxAge } = linkCookieAttributes();
  const flags = `Max-Age=${value ? maxAge : 0}; ${secure ? "Secure; " : ""}HttpOnly; SameSite=lax`;
  return `${linkCookieName()}=${value}; Path=/; ${flags}`;
}

/** The token that a mail's link to this page brought; null without one. */
export async function mailedToken(path: LinkPath): Promise<string | null> {
  const value = (await cookies()).get(linkCookieName())?.value ?? "";
  const [to, token = ""] = value.split(".");
  return to === path.slice(1) && TOKEN.test(token) ? token : null;
}

/** Takes that token from the browser, once it is used. Only in actions. */
export async function forgetMailedToken(): Promise<void> {
  (await cookies()).set(linkCookieName(), "", { ...linkCookieAttributes(), maxAge: 0 });
}

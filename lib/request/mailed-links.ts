import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
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

/** The address that a link of that kind leads to, for whoever hands it over by themselves. */
export function linkTo(path: LinkPath, token: string): string {
  const url = new URL(path, settings().APP_URL);
  url.searchParams.set("token", token);
  return url.href;
}

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

/**
 * Takes the token of a mail's link out of the address at once, before anything can write it down or
 * send it on as a referrer, and into a short cookie (RS-2). False for every other request. Changes
 * nothing else: whoever scans mail opens links, too.
 */
export function leadWithoutToken(
  { method = "", url = "" }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const [path = "", query = ""] = url.split("?", 2);
  const token = isLinkPath(path) ? new URLSearchParams(query).get("token") : null;
  if (token === null || !/^(GET|HEAD)$/.test(method)) return false;
  const value = TOKEN.test(token) ? `${path.slice(1)}.${token}` : "";
  response.writeHead(303, { Location: path, "Set-Cookie": cookieLine(value) }).end();
  return true;
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

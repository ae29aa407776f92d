import "server-only";
import { headers } from "next/headers";
import { forbidden } from "next/navigation";
import { settings } from "@/lib/env";
import { log } from "@/lib/log";
import { currentPath } from "@/lib/request/client";
import { reached } from "@/lib/request-scope";
import { isLoopback } from "@/lib/variables";

/**
 * Whether a request that changes something comes from a page of this site (OWASP CSRF cheat sheet,
 * ASVS 3.5.1). `Sec-Fetch-Site` cannot be set by a page's script, and `Origin` must be that of
 * `APP_URL`: of those that are there each must fit, since a name that was pointed at this machine
 * (DNS rebinding) is the same site to the browser, and not ours. Neither: no. `Host` and
 * `X-Forwarded-Host` are never asked, since a client may write into them what it likes.
 */
export function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (site !== null && site !== "same-origin") return false;
  return origin === null ? site !== null : isOurs(origin);
}

/** The first guard of every server action: a request from elsewhere is refused with 403. */
export async function requireSameOrigin(): Promise<void> {
  reached();
  const requestHeaders = await headers();
  acting.add(requestHeaders);
  if (isSameOrigin(requestHeaders)) return;
  log().warn({ path: await currentPath() }, foreignOriginWords(requestHeaders));
  forbidden();
}

// Requests that run a server action, which may change something; a render only reads.
const acting = new WeakSet<object>();

/** Whether a request runs a server action. */
export function isAction(requestHeaders: Headers): boolean {
  return acting.has(requestHeaders);
}

const LOOPBACKS = ["localhost", "127.0.0.1", "[::1]"];

// Whoever tries the site on their own machine types any of its names.
function isOurs(origin: string): boolean {
  const { origin: ours, protocol, hostname, port } = settings().APP_URL;
  if (origin === ours) return true;
  if (!isLoopback(hostname)) return false;
  return LOOPBACKS.some((name) => origin === `${protocol}//${name}${port && `:${port}`}`);
}

// What a tag of another page fetches: a script, a picture, a frame. Nothing private is meant for it.
const OWN_DESTINATIONS = new Set(["document", "empty"]);

/**
 * Whether a browser asks on behalf of a tag instead of a person or a script of ours: what is
 * private is not for that (cross-site inclusion, ASVS 3.5.8). Older browsers do not say.
 */
export function isEmbedded(headers: Headers): boolean {
  const destination = headers.get("sec-fetch-dest");
  return destination !== null && !OWN_DESTINATIONS.has(destination);
}

/** What a refusal by `isSameOrigin` depends on, for the `Vary` header. */
export const ORIGIN_VARY = "Origin, Sec-Fetch-Site";

/**
 * What to tell a person whose request was refused: what arrived, and what to mend where it is their
 * own proxy or `APP_URL` that is wrong. Says back only what the client sent and what `APP_URL` is:
 * `Host` may name a machine that no stranger knows of.
 */
export function foreignOriginWords(headers: Headers): string {
  const { origin: ours } = settings().APP_URL;
  const fault = faultOf(headers, ours);
  return `This request did not come from a page of this site, so nothing was changed. ${fault}`;
}

function faultOf(headers: Headers, ours: string): string {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (site !== null && site !== "same-origin")
    return `The browser said "Sec-Fetch-Site: ${short(site)}". ${withoutLines("Sec-Fetch-Site")}`;
  if (!origin && !isBrowser(headers))
    return `A program has to say which site it means: send the header "Origin: ${ours}".`;
  if (!origin)
    return `Browsers send Origin and Sec-Fetch-Site, and neither arrived. ${withoutLines("Origin", "Sec-Fetch-Site")}`;
  if (origin === "null")
    return 'The browser kept back where it came from ("Origin: null"). Open the page here and try again.';
  // No other site's page can name ours as its Referer: something on the way changed Origin.
  if (isOurs(originOf(headers.get("referer")) ?? ""))
    return `Origin was changed on the way. ${withoutLines("Origin")}`;
  const named = `APP_URL is ${ours}, and the browser named ${short(origin)}.`;
  return `${named} If you run this site: ${addressAdvice(headers, ours, origin)}`;
}

// Programs name themselves, and have neither a page before nor a person's languages.
function isBrowser(headers: Headers): boolean {
  const names = ["referer", "accept-language", "sec-fetch-mode", "sec-fetch-dest", "sec-ch-ua"];
  return (
    names.some((name) => headers.has(name)) || /^Mozilla\//.test(headers.get("user-agent") ?? "")
  );
}

function withoutLines(...names: string[]): string {
  const lines = names.map((name) => `"proxy_set_header ${name} …;"`);
  return `If you run this site: a proxy has to pass them on as they are; in nginx, remove ${lines.join(" and ")}.`;
}

function addressAdvice(headers: Headers, ours: string, origin: string): string {
  const theirs = originOf(origin);
  const isOtherScheme = theirs?.replace(/^https?:/, "") === ours.replace(/^https?:/, "");
  // Whoever asks at an address sends it as Host, and the page there names it as Origin.
  const asked = [headers.get("host"), headers.get("x-forwarded-host")];
  const isAddress = theirs !== null && asked.includes(new URL(theirs).host);
  const elsewhere = `send people to the one of APP_URL: in nginx, "return 301 ${ours}$request_uri;".`;
  if (!isOtherScheme && !isAddress) return `if the latter is yours as well, ${elsewhere}`;
  return `if people reach it there, set APP_URL to that and start again, or ${elsewhere}`;
}

const LONGEST = 200;

function short(said: string): string {
  return said.slice(0, LONGEST);
}

function originOf(address: string | null): string | null {
  if (!/^https?:/.test(address ?? "") || !URL.canParse(address ?? "")) return null;
  return new URL(address ?? "").origin;
}

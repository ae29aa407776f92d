import "server-only";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import onHeaders from "on-headers";
import vary from "vary";
import { isDevelopment, settings } from "@/lib/env";
import { log } from "@/lib/log";
import { metrics } from "@/lib/metrics";
import { refuseWhatNextCannotRead, standBeforeNext } from "@/lib/request/before-next";
import { BACKGROUND_HEADER, PATH_HEADER, PEER_HEADER } from "@/lib/request/own-headers";
import { beginRequest } from "@/lib/request-scope";
import { sessionCookieName } from "@/lib/session/cookie";

const YEAR_SECONDS = 31_536_000;

/** The headers of every response, static files included (ASVS 3.4). */
export function responseHeaders(): Record<string, string> {
  const { protocol } = settings().APP_URL;
  return {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    // Pages have one of their own; what else is opened in a tab, such as a picture, runs nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    // Over plain http it would be ignored at best; sub-domains may still be on http.
    ...(protocol === "https:" ? { "Strict-Transport-Security": `max-age=${YEAR_SECONDS}` } : {}),
  };
}

/** What Node publishes when it has parsed a request; the channel's type says no more than unknown. */
interface Parsed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Sets them as soon as Node has parsed a request, has what nobody can answer refused, and notes the
 * connection's address, the path that was asked for and the policy of a page. Here and not in
 * `next.config.ts`, whose headers are fixed by the build while `APP_URL` is known at the start; not
 * in the middleware, which does not see every request.
 */
export function prepareEveryResponse(): void {
  standBeforeNext();
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as Parsed; // See there.
    const policy = contentSecurityPolicy(randomUUID());
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? "";
    request.headers[PATH_HEADER] = request.url ?? "/";
    // Next reads the nonce for its scripts from the request's policy; a client's own is overwritten.
    request.headers["content-security-policy"] = policy;
    if (isPrefetch(request.headers)) request.headers[BACKGROUND_HEADER] = "1";
    const { id, responded, isReached, isForgetting, isSandboxed } = beginRequest();
    response.setHeader("X-Request-Id", id);
    response.once("close", responded);
    for (const [name, value] of Object.entries(responseHeaders())) response.setHeader(name, value);
    // Whose listener comes last hears first: what is noted is what goes out.
    noteWhenClosed(request, response);
    onHeaders(response, () =>
      finishHeaders(response, isSandboxed() ? SANDBOX : policy, isForgetting()),
    );
    refuseWhatNextCannotRead(request, response, isReached);
  });
}

/** What nginx notes where whoever asked had left before the response. */
const GONE = 499;

// Files of the build, and what programs ask every few seconds.
const ROUTINE = /^\/(_next|api\/health|api\/metrics)(\/|$)/;

// Without its query, which may hold what somebody looked for.
function noteWhenClosed(
  { method = "", url = "/" }: IncomingMessage,
  response: ServerResponse,
): void {
  const begun = performance.now();
  const [path = "/"] = url.split("?");
  const level = ROUTINE.test(path) ? "debug" : "info";
  // Next may set it once more after that.
  let status = GONE;
  onHeaders(response, () => {
    status = response.statusCode;
  });
  response.once("close", () => {
    const tookMs = Math.round(performance.now() - begun);
    if (settings().LOG_REQUESTS) log()[level]({ method, path, status, tookMs }, "request");
    metrics().durations.observe({ method: knownMethod(method), status }, tookMs / 1000);
  });
}

// A client may make methods up, and each would be a series of its own.
function knownMethod(method: string): string {
  return /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) ? method : "other";
}

// Next hides its own prefetch headers from pages, so they are looked at here.
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  const purpose = `${headers["sec-purpose"] ?? ""} ${headers.purpose ?? ""}`;
  const isRouters = "next-router-prefetch" in headers || "next-router-segment-prefetch" in headers;
  return isRouters || /\bprefetch\b/.test(purpose);
}

// At the last moment, since Next replaces `Vary` and leaves out the charset while it answers.
function finishHeaders(response: ServerResponse, policy: string, isForgetting: boolean): void {
  // Next's `redirect` in a page says 307, on which a browser sends a form, password and all, again.
  if (response.statusCode === 307) response.statusCode = 303;
  const type = contentType(response);
  if (type) response.setHeader("Content-Type", type);
  // On each page, whatever its address and whoever made it: Next has pages of its own for errors.
  if (/\bhtml\b/.test(type)) response.setHeader("Content-Security-Policy", policy);
  if (isForgetting) response.setHeader("Clear-Site-Data", '"cookies"');
  else if (isSigningOut(response)) response.setHeader("Clear-Site-Data", '"cache", "storage"');
  if (isShared(response)) return;
  // What may depend on who asks is kept by nobody (ASVS 14.3.2).
  vary(response, "Cookie");
  if (!/no-store/.test(cacheControl(response)))
    response.setHeader("Cache-Control", "private, no-store");
}

// With its charset, and on the redirects that Next gives a body and no type (ASVS 4.1.1).
function contentType(response: ServerResponse): string {
  const type = String(response.getHeader("content-type") ?? "");
  if (type === "") return [204, 304].includes(response.statusCode) ? "" : TEXT;
  return /^(text\/[^;]+|[^;]+\+xml)$/.test(type) ? `${type}; charset=utf-8` : type;
}

const TEXT = "text/plain; charset=utf-8";

// Whatever ends a session takes what the browser kept of its pages along (ASVS 14.3.1).
function isSigningOut(response: ServerResponse): boolean {
  const cleared = new RegExp(`^${sessionCookieName()}=;.*max-age=0`, "i");
  return [response.getHeader("set-cookie") ?? []].flat().some((line) => cleared.test(String(line)));
}

// The files of the build: the same for everybody.
function isShared(response: ServerResponse): boolean {
  return /\bpublic\b/.test(cacheControl(response));
}

function cacheControl(response: ServerResponse): string {
  return String(response.getHeader("cache-control") ?? "");
}

/** The policy of HTML that is drawn as a mail reader would: with styles in it, and links that open. */
const SANDBOX = [
  "sandbox allow-popups allow-popups-to-escape-sandbox",
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "frame-ancestors 'none'",
].join("; ");

/** The policy of one page: only scripts of ours that carry this response's nonce run (ASVS 3.4.3). */
export function contentSecurityPolicy(nonce: string): string {
  // Development tools compile and style in the page.
  const [evaluation, style] = isDevelopment()
    ? [" 'unsafe-eval'", "'unsafe-inline'"]
    : ["", `'nonce-${nonce}'`];
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    `style-src 'self' ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}

import { type NextRequest, NextResponse } from "next/server";
import { settings } from "@/lib/env";
import { contentSecurityPolicy } from "@/lib/request/content-security-policy";
import { foreignOriginWords, isSameOrigin, ORIGIN_VARY } from "@/lib/request/origin";
import { isPublicPath } from "@/lib/request/public";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import {
  cookieAttributes,
  cookieValues,
  openCookies,
  sessionCookieName,
} from "@/lib/session/cookie";

// Pages only: API handlers carry their own lock, and even an empty middleware costs them two
// thirds of a bare handler's time. Files of the build need none.
export const config = {
  matcher: ["/((?!api/|_next/static/|_next/image|icon\\.svg|favicon\\.ico).*)"],
};

/**
 * The optimistic check: turns strangers away without a database. It never sends anybody away from
 * `/sign-in`: only the page can, since only the row knows whether a good seal is still worth
 * anything; two that disagreed would send a browser in circles.
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { method, headers, nextUrl } = request;
  if (!METHODS.includes(method)) return methodNotAllowed();
  if (method === "POST" && !isSameOrigin(headers)) return refused(request);
  const state = await judgeCookies(headers.get("cookie"), new Date());
  if (state !== "fresh" && !isPublicPath(nextUrl.pathname)) return signInFirst(request, state);
  return onward(request);
}

const RETRY_SECONDS = "5";

type CookieState = "none" | "unreadable" | "absolute" | "fresh";

async function judgeCookies(header: string | null, now: Date): Promise<CookieState> {
  if (cookieValues(header).length === 0) return "none";
  const tokens = await openCookies(header);
  if (tokens.length === 0) return "unreadable";
  return tokens.some((token) => now < token.absoluteExpiresAt) ? "fresh" : "absolute";
}

function signInFirst({ nextUrl }: NextRequest, state: CookieState): NextResponse {
  const returnTo = safeReturnTo(nextUrl.pathname + nextUrl.search);
  if (state === "none") return seeOther(withReturnTo("/sign-in", returnTo), nextUrl);
  const reason = state === "absolute" ? "absolute" : "unknown";
  const response = seeOther(withReturnTo("/sign-in", returnTo, { reason }), nextUrl);
  response.cookies.set(sessionCookieName(), "", cookieAttributes(0));
  return response;
}

// Next wants a whole URL and sends its path alone: no `Host` of a client gets into it.
function seeOther(path: string, here: URL): NextResponse {
  const headers = { ...PRIVATE, "Content-Type": "text/plain; charset=utf-8" };
  return NextResponse.redirect(new URL(path, here), { status: 303, headers });
}

// Next would show the page for whatever else.
const METHODS = ["GET", "HEAD", "POST"];

function methodNotAllowed(): NextResponse {
  const allowed = METHODS.join(", ");
  const headers = { ...PRIVATE, "Content-Type": "text/plain; charset=utf-8", Allow: allowed };
  return new NextResponse(`This address answers ${allowed}.`, { status: 405, headers });
}

const PRIVATE = { "Cache-Control": "private, no-store", Vary: "Cookie" };

function refused({ headers, nextUrl }: NextRequest): NextResponse {
  const words = foreignOriginWords(headers);
  warn({ path: nextUrl.pathname, msg: words });
  const vary = `Cookie, ${ORIGIN_VARY}`;
  const answer = { ...PRIVATE, Vary: vary, "Content-Type": "text/plain; charset=utf-8" };
  return new NextResponse(words, { status: 403, headers: answer });
}

// pino does not run at the edge: a line of the same form where its lines go. JSON, so that no header
// forges another. Not by console.warn: the edge makes it an error, which the log would wrap.
function warn(entry: { path: string; msg: string }): void {
  if (["fatal", "error", "silent"].includes(settings().LOG_LEVEL)) return;
  console.log(JSON.stringify({ level: 40, time: new Date().toISOString(), ...entry }));
}

function onward(request: NextRequest): NextResponse {
  const { host, origin } = settings().APP_URL;
  const policy = contentSecurityPolicy(crypto.randomUUID());
  const headers = new Headers(request.headers);
  // Next reads the nonce for its scripts from the request's policy.
  headers.set("Content-Security-Policy", policy);
  // The origin has been checked against APP_URL. Next compares it with the host once more, which a
  // proxy may have changed: then nobody could sign in.
  headers.set("X-Forwarded-Host", host);
  if (request.method === "POST") headers.set("Origin", origin);
  const isUnavailable = request.nextUrl.pathname === "/unavailable";
  const response = NextResponse.next({
    request: { headers },
    ...(isUnavailable ? { status: 503 } : {}),
  });
  response.headers.set("Content-Security-Policy", policy);
  if (isUnavailable) retryBySelf(request, response);
  return response;
}

// The page of an outage tries again by itself, without JavaScript.
function retryBySelf({ nextUrl }: NextRequest, { headers }: NextResponse): void {
  const returnTo = safeReturnTo(nextUrl.searchParams.get("returnTo"));
  headers.set("Retry-After", RETRY_SECONDS);
  headers.set("Refresh", `${RETRY_SECONDS};url=${returnTo}`);
}

import { type NextRequest, NextResponse } from "next/server";
import { djangoKeyOf, isVisit, wasSentOn } from "@/lib/request/django-visit";
import { isPathOfBuild, isPublicPath } from "@/lib/request/public-paths";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import {
  cookieAttributes,
  cookieValues,
  openCookies,
  sessionCookieName,
} from "@/lib/session/cookie";

// Pages only: API handlers carry their own guard, and even an empty middleware costs them two
// thirds of a bare handler's time. Files of the build need none; what only begins like one is a page.
export const config = {
  matcher: ["/((?!api/|_next/static/|_next/image$|icon\\.svg$|favicon\\.ico$).*)"],
};

/**
 * Optimistic: turns strangers away without a database. It never sends anybody away from
 * `/sign-in`: only the page can, since only the row knows whether a good seal is still worth
 * anything; two that disagreed would send a browser in circles.
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { headers, nextUrl } = request;
  // Such a page is there for nobody, signed in or not.
  if (!isPathOfBuild(nextUrl.pathname)) return NextResponse.next();
  const state = await judgeCookies(headers.get("cookie"), new Date());
  if (state !== "fresh" && mayAdopt(request)) return adoptFirst(request);
  if (state !== "fresh" && !isPublicPath(nextUrl.pathname)) return signInFirst(request, state);
  return nextUrl.pathname === "/unavailable" ? retryBySelf(request) : NextResponse.next();
}

const RETRY_SECONDS = "5";

type CookieState = "none" | "unreadable" | "absolute" | "fresh";

async function judgeCookies(header: string | null, now: Date): Promise<CookieState> {
  if (cookieValues(header).length === 0) return "none";
  const tokens = await openCookies(header);
  if (tokens.length === 0) return "unreadable";
  return tokens.some((token) => now < token.absoluteExpiresAt) ? "fresh" : "absolute";
}

// A session at the Django site that people move in from: a row says what it is worth. Never where the
// sign-in page has something to say, or has been led to by that very route.
function mayAdopt(request: NextRequest): boolean {
  const { headers, nextUrl } = request;
  const cookie = headers.get("cookie");
  if (djangoKeyOf(cookie) === null || wasSentOn(cookie) || !isVisit(request)) return false;
  if (!isPublicPath(nextUrl.pathname)) return true;
  const { searchParams: query, pathname } = nextUrl;
  return pathname === "/sign-in" && !query.has("adopt") && !query.has("reason");
}

function adoptFirst({ nextUrl }: NextRequest): NextResponse {
  const { pathname, search, searchParams } = nextUrl;
  const goal = pathname === "/sign-in" ? searchParams.get("returnTo") : pathname + search;
  return seeOther(withReturnTo("/session/adopt", safeReturnTo(goal)), nextUrl);
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

const PRIVATE = { "Cache-Control": "private, no-store", Vary: "Cookie" };

// The page of an outage tries again by itself, without JavaScript.
function retryBySelf({ nextUrl }: NextRequest): NextResponse {
  const returnTo = safeReturnTo(nextUrl.searchParams.get("returnTo"));
  const refresh = `${RETRY_SECONDS};url=${returnTo}`;
  const headers = { "Retry-After": RETRY_SECONDS, Refresh: refresh };
  return NextResponse.next({ status: 503, headers });
}

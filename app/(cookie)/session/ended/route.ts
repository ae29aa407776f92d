import { isDatabaseUnavailable } from "@/lib/db/errors";
import {
  clearingEverywhere,
  clearSessionCookie,
  namedRefused,
  refusedWay,
} from "@/lib/request/clear-cookie";
import { presentedSession } from "@/lib/request/current";
import { withoutSession } from "@/lib/request/handler";
import { safeReturnTo, seeOther, withReturnTo } from "@/lib/request/return-to";

/**
 * Where a guard sends a browser whose session is over, or which brought those of several users: a
 * server component could not clear the cookie. Looks once more, so that a link to here signs nobody
 * out.
 */
export const GET = withoutSession(async (request) => {
  const { searchParams } = new URL(request.url);
  const returnTo = safeReturnTo(searchParams.get("returnTo"));
  try {
    return await nextStop(returnTo, await namedRefused(searchParams.get("refused")));
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return seeOther(withReturnTo("/unavailable", returnTo));
  }
});

async function nextStop(returnTo: string, named: readonly string[]): Promise<Response> {
  const presented = await presentedSession();
  if (presented.state === "live" && !named.includes(presented.session.id))
    return seeOther(returnTo);
  const here = presented.state === "several" ? presented.sessionIds : [];
  const refused = [...new Set([...named, ...here])];
  if (refused.length > 0) return withoutAny(refused, returnTo);
  if (presented.state === "none") return seeOther(withReturnTo("/sign-in", returnTo));
  await clearSessionCookie();
  const reason = presented.state === "over" ? presented.reason : "unknown";
  return seeOther(withReturnTo("/sign-in", returnTo, { reason }));
}

// At the paths of the request that was refused, too: it went to `returnTo`, or to the sign-in page.
async function withoutAny(refused: readonly string[], returnTo: string): Promise<Response> {
  const way = seeOther(await refusedWay("/sign-in", refused, returnTo));
  return clearingEverywhere(way, returnTo, "/session/ended", "/sign-in");
}

import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { presentedSession } from "@/lib/request/current";
import { withoutSession } from "@/lib/request/handler";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import { seeOther } from "@/lib/request/see-other";
import { clearSessionCookie } from "@/lib/request/session-cookie";

/**
 * Where a guard sends a browser whose session is over: a server component could not clear the
 * cookie. Looks once more, so that a link to here signs nobody out.
 */
export const GET = withoutSession(async (request) => {
  const returnTo = safeReturnTo(new URL(request.url).searchParams.get("returnTo"));
  return seeOther(await nextStop(returnTo));
});

async function nextStop(returnTo: string): Promise<string> {
  try {
    const presented = await presentedSession();
    if (presented.state === "live") return returnTo;
    await clearSessionCookie();
    if (presented.state === "none") return withReturnTo("/sign-in", returnTo);
    const reason = presented.state === "over" ? presented.reason : "unknown";
    return withReturnTo("/sign-in", returnTo, { reason });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return withReturnTo("/unavailable", returnTo);
  }
}

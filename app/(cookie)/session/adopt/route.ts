import { isDatabaseUnavailable } from "@/lib/db/errors";
import { isRefused } from "@/lib/refused";
import { presentedSession } from "@/lib/request/current";
import { djangoKeyOf, isVisit, noteSentOn } from "@/lib/request/django-visit";
import { withoutSession } from "@/lib/request/handler";
import { safeReturnTo, seeOther, withReturnTo } from "@/lib/request/return-to";
import { SECOND_STEP_PATH } from "@/lib/request/second-step";
import { adoptSession } from "@/lib/request/sign-in";
import { wasSpentSince } from "@/lib/session/adopted";

/**
 * Where the edge sends a browser that brings a session of Django and none of ours: it is taken over, and
 * the visitor goes on to where they were going. A key that is worth nothing ends at the sign-in page,
 * without a word.
 */
export const GET = withoutSession(async (request) => {
  const returnTo = safeReturnTo(new URL(request.url).searchParams.get("returnTo"));
  try {
    return await nextStop(request, returnTo);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return seeOther(withReturnTo("/unavailable", returnTo));
  }
});

async function nextStop(request: Request, returnTo: string): Promise<Response> {
  const signInFirst = seeOther(withReturnTo("/sign-in", returnTo, { adopt: "no" }));
  const key = djangoKeyOf(request.headers.get("cookie"));
  if (!key || !isVisit(request)) return signInFirst;
  if ((await presentedSession()).state === "live") return seeOther(returnTo);
  const adopted = await adoptSession(key, returnTo);
  if (!isRefused(adopted)) return seeOther(returnTo);
  if (adopted.refused === "more_needed") return seeOther(SECOND_STEP_PATH);
  return (await isOtherTabs(key)) ? noteSentOn(seeOther(returnTo)) : signInFirst;
}

const LATELY_MS = 10_000;

// Of several pages that open at once one takes the session over; its cookie is the others', too.
function isOtherTabs(key: string): Promise<boolean> {
  return wasSpentSince(key, new Date(Date.now() - LATELY_MS));
}

import { presentedSession, renewIfDue } from "@/lib/request/current";
import { withoutSession } from "@/lib/request/handler";
import { safeReturnTo, seeOther } from "@/lib/request/return-to";

/** Where a guard sends a browser whose session needs a new secret, which no render can hand over. */
export const GET = withoutSession(async (request) => {
  const returnTo = safeReturnTo(new URL(request.url).searchParams.get("returnTo"));
  const presented = await presentedSession();
  if (presented.state === "live") await renewIfDue(presented);
  return seeOther(returnTo);
});

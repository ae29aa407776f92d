import { SessionId } from "@/lib/api/fields";
import { endOwn } from "@/lib/request/acts";
import { addressId, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { noContent, notFoundProblem, otherMethod } from "@/lib/request/problem";

/** Ends one of my sessions; this one's cookie goes with it. */
export const DELETE = withSession(async (_request, current, context: WithId) => {
  const id = await addressId(context, SessionId);
  return id && (await endOwn(current, id)) ? noContent() : notFoundProblem();
});

const other = withoutSession(async (request) => otherMethod(request, ["DELETE"]));

export { other as GET, other as OPTIONS, other as PATCH, other as POST, other as PUT };

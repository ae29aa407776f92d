import { SessionId } from "@/lib/api/fields";
import { isRefused } from "@/lib/refused";
import { endByStaff, userRefusalProblem } from "@/lib/request/acts";
import { addressId, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { noContent, notFoundProblem, otherMethod } from "@/lib/request/problem";

/** Ends anybody's session. */
export const DELETE = withSession(
  async (_request, actor, context: WithId) => {
    const id = await addressId(context, SessionId);
    if (!id) return notFoundProblem();
    const decided = await endByStaff(actor, { ids: [id] });
    if (isRefused(decided)) return userRefusalProblem(decided);
    return decided.known > 0 ? noContent() : notFoundProblem();
  },
  { role: "staff", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["DELETE"]));

export { other as GET, other as OPTIONS, other as PATCH, other as POST, other as PUT };

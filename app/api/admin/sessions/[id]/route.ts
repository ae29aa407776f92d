import { endByAdmin } from "@/lib/request/acts";
import { sessionIdOf, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { noContent, notFoundProblem, otherMethod } from "@/lib/request/problem";

/** Ends anybody's session. */
export const DELETE = withSession(
  async (_request, actor, context: WithId) => {
    const id = await sessionIdOf(context);
    if (!id) return notFoundProblem();
    const { known } = await endByAdmin(actor, [id]);
    return known > 0 ? noContent() : notFoundProblem();
  },
  { role: "staff", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["DELETE"]));

export { other as GET, other as OPTIONS, other as PATCH, other as POST, other as PUT };

import { isRefused } from "@/lib/refused";
import { endByStaff, userRefusalProblem } from "@/lib/request/acts";
import { addressId, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { UserId } from "@/lib/users/user";

/** Ends every session of a user. */
export const DELETE = withSession(
  async (_request, actor, context: WithId) => {
    const id = await addressId(context, UserId);
    if (!id) return notFoundProblem();
    const decided = await endByStaff(actor, { userId: id });
    return isRefused(decided) ? userRefusalProblem(decided) : json({ ended: decided.ended });
  },
  { role: "staff", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["DELETE"]));

export { other as GET, other as OPTIONS, other as PATCH, other as POST, other as PUT };

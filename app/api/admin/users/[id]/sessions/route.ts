import { endForUser } from "@/lib/request/acts";
import { userIdOf, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { userById } from "@/lib/users/find";

/** Ends every session of a user. */
export const DELETE = withSession(
  async (_request, actor, context: WithId) => {
    const id = await userIdOf(context);
    if (!id || !(await userById(id))) return notFoundProblem();
    return json({ ended: await endForUser(actor, id) });
  },
  { role: "staff", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["DELETE"]));

export { other as GET, other as OPTIONS, other as PATCH, other as POST, other as PUT };

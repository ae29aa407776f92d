import { ChangeUserBody, userJson } from "@/lib/api/user";
import { isRefused } from "@/lib/refused";
import { changeUserBy, userRefusalProblem } from "@/lib/request/acts";
import { addressId, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { UserId } from "@/lib/users/user";

/** Changes a user; what the body leaves out stays. */
export const PATCH = withSession(
  async (_request, actor, context: WithId, wanted) => {
    const id = await addressId(context, UserId);
    if (!id) return notFoundProblem();
    const changed = await changeUserBy(actor, id, wanted);
    return isRefused(changed)
      ? userRefusalProblem(changed)
      : json({ user: userJson(changed.user) });
  },
  { role: "admin", isHidden: true, recentProof: true, body: ChangeUserBody },
);

const other = withoutSession(async (request) => otherMethod(request, ["PATCH"]));

export { other as DELETE, other as GET, other as OPTIONS, other as POST, other as PUT };

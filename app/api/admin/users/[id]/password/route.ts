import { isRefused } from "@/lib/refused";
import { setTemporaryPasswordBy, userRefusalProblem } from "@/lib/request/acts";
import { addressId, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { UserId } from "@/lib/users/user";

/** Gives a user a temporary password, which is in this response and nowhere else. */
export const POST = withSession(
  async (_request, actor, context: WithId) => {
    const id = await addressId(context, UserId);
    if (!id) return notFoundProblem();
    const password = await setTemporaryPasswordBy(actor, id);
    return isRefused(password) ? userRefusalProblem(password) : json({ password });
  },
  { role: "admin", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };

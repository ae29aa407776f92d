import { ChangeUserBody, userJson } from "@/lib/api/user";
import { changeUserBy, userFaults } from "@/lib/request/acts";
import { userIdOf, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { badFields, json, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { NoSuchUser } from "@/lib/users/users";

/** Changes a user; what the body leaves out stays. */
export const PATCH = withSession(
  async (_request, actor, context: WithId, wanted) => {
    const id = await userIdOf(context);
    if (!id) return notFoundProblem();
    try {
      const { user } = await changeUserBy(actor, id, wanted);
      return json({ user: userJson(user) });
    } catch (error) {
      if (error instanceof NoSuchUser) return notFoundProblem();
      const faults = userFaults(error);
      if (!faults) throw error;
      return badFields(faults);
    }
  },
  { role: "admin", isHidden: true, recentProof: true, body: ChangeUserBody },
);

const other = withoutSession(async (request) => otherMethod(request, ["PATCH"]));

export { other as DELETE, other as GET, other as OPTIONS, other as POST, other as PUT };

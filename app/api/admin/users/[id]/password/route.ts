import { OwnAccount } from "@/lib/auth/change-password";
import { setTemporaryPasswordBy } from "@/lib/request/acts";
import { userIdOf, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, notForYourself, notFoundProblem, otherMethod } from "@/lib/request/problem";
import { NoSuchUser } from "@/lib/users/users";

/** Gives a user a temporary password, which is in this answer and nowhere else. */
export const POST = withSession(
  async (_request, actor, context: WithId) => {
    const id = await userIdOf(context);
    if (!id) return notFoundProblem();
    try {
      return json({ password: await setTemporaryPasswordBy(actor, id) });
    } catch (error) {
      if (error instanceof NoSuchUser) return notFoundProblem();
      if (error instanceof OwnAccount) return notForYourself(error.message);
      throw error;
    }
  },
  { role: "admin", isHidden: true, recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["POST"]));

export { other as DELETE, other as GET, other as OPTIONS, other as PATCH, other as PUT };

import { OwnAccount } from "@/lib/auth/change-password";
import { isRefused } from "@/lib/refused";
import { setTemporaryPasswordBy } from "@/lib/request/acts";
import { userIdOf, type WithId } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import {
  json,
  notForYourself,
  notFoundProblem,
  notLookedAt,
  otherMethod,
} from "@/lib/request/problem";
import { NoSuchUser } from "@/lib/users/users";

/** Gives a user a temporary password, which is in this answer and nowhere else. */
export const POST = withSession(
  async (_request, actor, context: WithId) => {
    const id = await userIdOf(context);
    if (!id) return notFoundProblem();
    try {
      const password = await setTemporaryPasswordBy(actor, id);
      return isRefused(password) ? notLookedAt(password) : json({ password });
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

import { triesLastDay } from "@/lib/events/stats";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { countNotEnded } from "@/lib/session/end-rows";
import { countEnded } from "@/lib/session/stats";
import { countUsers } from "@/lib/users/find";

/** The numbers of the moment. */
export const GET = withSession(
  async () => {
    const now = new Date();
    const [users, liveSessions, { ended }, lastDay] = await Promise.all([
      countUsers(),
      countNotEnded(now),
      countEnded(now),
      triesLastDay(now),
    ]);
    const { signIns: signInsLastDay, failures: failuresLastDay } = lastDay;
    return json({ users, liveSessions, endedSessions: ended, signInsLastDay, failuresLastDay });
  },
  { role: "staff", isHidden: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };

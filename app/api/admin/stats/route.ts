import { triesLastDay } from "@/lib/events/stats";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { aboutLive, countEnded } from "@/lib/session/stats";
import { countUsers } from "@/lib/users/find";

/** The numbers of the moment. */
export const GET = withSession(
  async () => {
    const now = new Date();
    const [users, live, ended, { signIns, failures }] = await Promise.all([
      countUsers(),
      aboutLive(now),
      countEnded(now),
      triesLastDay(now),
    ]);
    return json({
      users: users.count,
      liveSessions: live.count,
      endedSessions: ended.count,
      signInsLastDay: signIns,
      failuresLastDay: failures,
      ...([users, live, ended].some(({ isEstimated }) => isEstimated) ? { estimated: true } : {}),
    });
  },
  { role: "staff", isHidden: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };

import { sessionJson } from "@/lib/api/session";
import { endOwnOthers } from "@/lib/request/acts";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { listForUser } from "@/lib/session/list";

/** Where I am signed in. */
export const GET = withSession(async (_request, current) => {
  const { live } = await listForUser(current.user, new Date());
  return json({ sessions: live.map((session) => sessionJson(session, current)) });
});

/** Ends all my other sessions. */
export const DELETE = withSession(
  async (_request, current) => json({ ended: await endOwnOthers(current) }),
  { recentProof: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD", "DELETE"]));

export { other as OPTIONS, other as PATCH, other as POST, other as PUT };

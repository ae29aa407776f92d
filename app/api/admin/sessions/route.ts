import { foundSessionJson, SessionsQuery } from "@/lib/api/session";
import { parsedQuery } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { searchLive } from "@/lib/session/search";
import { userFilter } from "@/lib/users/users";

/** Live sessions, newest activity first, page by page. */
export const GET = withSession(
  async (request, current) => {
    const { user: handle, address, browser, ...page } = parsedQuery(request, SessionsQuery);
    const whose = await userFilter(handle);
    if (!whose) return json({ sessions: [], nextCursor: null });
    const found = await searchLive({ ...whose, address, browser }, page, new Date());
    const sessions = found.sessions.map((each) => foundSessionJson(each, current));
    return json({ sessions, nextCursor: found.nextCursor });
  },
  { role: "staff", isHidden: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };

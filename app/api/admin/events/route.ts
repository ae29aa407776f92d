import { EventsQuery, eventJson } from "@/lib/api/event";
import { searchEvents } from "@/lib/events/read";
import { parsedQuery } from "@/lib/request/body";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, otherMethod } from "@/lib/request/problem";
import { userFilter } from "@/lib/users/users";

/** The log, newest first, page by page. */
export const GET = withSession(
  async (request) => {
    const { user: handle, limit, cursor, ...filter } = parsedQuery(request, EventsQuery);
    const whose = await userFilter(handle);
    if (!whose) return json({ events: [], nextCursor: null });
    const found = await searchEvents({ ...filter, ...whose }, { limit, cursor });
    return json({ events: found.events.map(eventJson), nextCursor: found.nextCursor });
  },
  { role: "staff", isHidden: true },
);

const other = withoutSession(async (request) => otherMethod(request, ["GET", "HEAD"]));

export { other as DELETE, other as OPTIONS, other as PATCH, other as POST, other as PUT };

import "server-only";
import { z } from "zod";
import { meaningOf } from "@/app/admin/_console/meaning";
import { Cursor, Filter, ROWS_PER_PAGE } from "@/app/admin/_console/query";
import { type LiveFilter, type LivePage, searchLive } from "@/lib/session/search";
import { userFilter } from "@/lib/users/users";

/** What the address of the list of sessions may say. */
export const SessionQuery = z.object({
  q: Filter,
  user: Filter,
  address: Filter,
  browser: Filter,
  cursor: Cursor,
});

const NOTHING: LivePage = { sessions: [], nextCursor: null };

/** A page of the live sessions that fit; none where nobody is that user. Throws BadCursor. */
export async function findSessions(
  { q, user: handle, address, browser, cursor }: z.output<typeof SessionQuery>,
  now: Date,
): Promise<LivePage> {
  const whose = await userFilter(handle);
  if (!whose) return NOTHING;
  const filter = { address, ...(q && typedFilter(q)), ...whose, browser };
  return searchLive(filter, { cursor, limit: ROWS_PER_PAGE }, now);
}

function typedFilter(typed: string): LiveFilter {
  const meaning = meaningOf(typed);
  return "sessionId" in meaning ? { id: meaning.sessionId } : meaning;
}

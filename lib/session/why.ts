import "server-only";
import { usernamesOf } from "@/lib/account/find-users";
import type { User } from "@/lib/account/user";
import { searchEvents } from "@/lib/events/read";
import { endWords } from "@/lib/session/end-words";
import { listOwn } from "@/lib/session/own-rows";
import type { ListedSession } from "@/lib/session/session";

/** A session that is over, with why in plain words. */
export interface EndedSession {
  readonly session: ListedSession;
  readonly words: string;
  /** Who ended it, where that was somebody else. */
  readonly by: { readonly id: number; readonly username: string } | null;
}

const MOST_EVENTS = 200;

/** Why sessions of a user ended in the last 30 days, the newest end first. */
export async function whyEnded(user: User, now: Date): Promise<EndedSession[]> {
  const { ended } = await listOwn(user, now);
  return withReasons(user, ended);
}

/** The same for sessions of a user that somebody has read already. */
export async function withReasons(
  user: Pick<User, "id">,
  ended: readonly ListedSession[],
): Promise<EndedSession[]> {
  const actors = await actorsOf(user.id);
  const names = await usernamesOf([...actors.values()]);
  return ended.map((session) => {
    const id = actors.get(session.id);
    const by = id === undefined ? null : { id, username: names.get(id) ?? `user ${id}` };
    return { session, words: endWords(session.endReason ?? ""), by };
  });
}

async function actorsOf(userId: number): Promise<Map<string, number>> {
  const filter = { userId, type: "session_revoked" } as const;
  const { events } = await searchEvents(filter, { limit: MOST_EVENTS });
  const byOthers = events.flatMap(({ sessionId, actorId }) =>
    sessionId && actorId && actorId !== userId ? [[sessionId, actorId] as const] : [],
  );
  return new Map(byOthers);
}

import "server-only";
import type { EndReason } from "@/lib/db/schema";
import { eventsOfSession, type LoggedEvent, searchEvents } from "@/lib/events/read";
import { type SeenDevice, withDevices } from "@/lib/session/devices";
import { listForUser } from "@/lib/session/list";
import {
  effectiveSession,
  findSession,
  type ListedSession,
  type Session,
} from "@/lib/session/session";
import { usernamesOf } from "@/lib/users/find";
import type { User } from "@/lib/users/user";

/** One session with all that is known of it. */
export interface SessionDetails {
  /** With `endedAt` and `endReason` where it is over, noted or not. */
  readonly session: Session & { readonly alsoFrom: readonly SeenDevice[] };
  readonly user: User;
  /** Newest first, 200 at most. */
  readonly events: readonly LoggedEvent[];
}

/** One session, live or ended, as a request would be told at `now`; null when there is no such row. */
export async function findSessionDetails(id: string, now: Date): Promise<SessionDetails | null> {
  const found = await findSession(id);
  if (!found) return null;
  const [session] = await withDevices([effectiveSession(found.session, found.user, now)]);
  if (!session) return null;
  return { session, user: found.user, events: await eventsOfSession(id) };
}

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
  const { ended } = await listForUser(user, now);
  return withReasons(user, ended);
}

/** Why sessions of a user ended, where somebody has read their rows already. */
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

const WORDS: Record<EndReason, string> = {
  signed_out: "Signed out",
  idle: "Ran out after a long time without activity",
  absolute: "Reached the longest time that a session may last",
  revoked: "Ended from another device of the same user",
  revoked_by_admin: "Ended by an administrator",
  password_changed: "The password was changed",
  user_disabled: "The account was disabled",
  limit: "Too many sessions at once: this was the oldest",
  reset: "All sessions of the site were ended",
  account_closed: "The account was closed by its owner",
  password_reset: "A new password was set by a link",
  reported: "Its owner said that it was not theirs",
  factor_changed: "A second factor was added or removed",
  django_signed_out: "Signed out on the Django site",
};

/** Why a session ended, in plain words; a reason that is not known stands for itself. */
export function endWords(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? WORDS[reason as EndReason] : reason; // It is a key.
}

import "server-only";
import { type ListedUser, userById } from "@/lib/account/find-users";
import { type LoggedEvent, streamEvents } from "@/lib/events/read";
import { type SeenDevice, withDevices } from "@/lib/session/device-rows";
import { everySessionOf } from "@/lib/session/export-rows";
import { judged } from "@/lib/session/judged";
import type { Session } from "@/lib/session/session";

/** All that is kept of a person; of no password and no session what would sign anybody in. */
export interface PersonalData {
  readonly account: ListedUser;
  /** Live and ended, newest first. */
  readonly sessions: readonly (Session & { readonly alsoFrom: readonly SeenDevice[] })[];
  /** What concerns them, newest first. */
  readonly events: readonly LoggedEvent[];
}

/** A person's data as it is at `now`; null when there is no such user. */
export async function exportUser(userId: number, now: Date): Promise<PersonalData | null> {
  const account = await userById(userId);
  if (!account) return null;
  const sessions = await everySessionOf(userId);
  return {
    account,
    sessions: await withDevices(sessions.map((session) => judged(session, account, now))),
    events: await Array.fromAsync(streamEvents({ userId })),
  };
}

import "server-only";
import type { User } from "@/lib/account/user";
import { eventsOfSession, type LoggedEvent } from "@/lib/events/read";
import { type SeenDevice, withDevices } from "@/lib/session/device-rows";
import { judged } from "@/lib/session/judged";
import type { Session } from "@/lib/session/session";
import { findSession } from "@/lib/session/store";

/** One session with all that is known of it. */
export interface WholeSession {
  /** With `endedAt` and `endReason` where it is over, noted or not. */
  readonly session: Session & { readonly alsoFrom: readonly SeenDevice[] };
  readonly user: User;
  /** Newest first, 200 at most. */
  readonly events: readonly LoggedEvent[];
}

/** One session, live or ended, as a request would be told at `now`; null when there is no such row. */
export async function findWhole(id: string, now: Date): Promise<WholeSession | null> {
  const found = await findSession(id);
  if (!found) return null;
  const [session] = await withDevices([judged(found.session, found.user, now)]);
  if (!session) return null;
  return { session, user: found.user, events: await eventsOfSession(id) };
}

import "server-only";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { endSession } from "@/lib/request/sign-out";
import { endAllOf, endNamed, endOtherOf, endOthersOf } from "@/lib/session/end-chosen";

/**
 * Ends one of the signed-in user's own sessions: this one's end is a sign-out and takes the cookie,
 * too; another's needs a fresh proof. False when it is somebody else's or unknown. Throws
 * AuthorityLost. Only in actions and route handlers.
 */
export async function endOwn(actor: Current, id: string): Promise<boolean> {
  if (id.toLowerCase() !== actor.session.id)
    return endOtherOf(id, { actor, device: await currentDevice() }, new Date());
  await endSession();
  return true;
}

/** Ends the signed-in user's other sessions, after a fresh proof; how many. Throws AuthorityLost. */
export async function endOwnOthers(actor: Current): Promise<number> {
  return endOthersOf({ actor, device: await currentDevice() }, new Date());
}

/** Ends every session of a user by the decision of `actor`; how many. Throws AuthorityLost and Outranked. */
export async function endForUser(actor: Current, userId: number): Promise<number> {
  return endAllOf(userId, { actor, device: await currentDevice() }, new Date());
}

/**
 * Ends sessions by the decision of `actor`: how many of them are known, and how many ended now.
 * Throws AuthorityLost and Outranked.
 */
export async function endByAdmin(
  actor: Current,
  ids: readonly string[],
): Promise<{ readonly known: number; readonly ended: number }> {
  return endNamed(ids, { actor, device: await currentDevice() }, new Date());
}

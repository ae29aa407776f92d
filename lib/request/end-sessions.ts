import "server-only";
import { currentClient, currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { rememberDevice } from "@/lib/request/device-cookie";
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

/**
 * Ends the signed-in user's other sessions, after a fresh proof; how many. This browser alone stays
 * known. Throws AuthorityLost. Only in actions and route handlers.
 */
export async function endOwnOthers(actor: Current): Promise<number> {
  const now = new Date();
  const { device, known } = await currentClient();
  const ended = await endOthersOf({ actor, device }, now);
  await rememberDevice(known, actor.user.id, now);
  return ended;
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

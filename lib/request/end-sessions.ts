import "server-only";
import type { User } from "@/lib/account/user";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { clearSessionCookie } from "@/lib/request/session-cookie";
import { endAllOf, endNamed, endOneOf, endOthersOf } from "@/lib/session/end-chosen";

/**
 * Ends one of the signed-in user's own sessions; this one's end is a sign-out and takes the cookie,
 * too. False when it is somebody else's or unknown. Only in actions and route handlers.
 */
export async function endOwn({ session, user }: Current, id: string): Promise<boolean> {
  const isThis = id.toLowerCase() === session.id;
  const reason = isThis ? "signed_out" : "revoked";
  const end = { id, reason, device: await currentDevice() } as const;
  const isTheirs = await endOneOf(user.id, end, new Date());
  if (isThis) await clearSessionCookie();
  return isTheirs;
}

/** Ends the signed-in user's other sessions; how many. Asks for a fresh proof before. */
export async function endOwnOthers({ session, user }: Current): Promise<number> {
  const others = { keep: session.id, device: await currentDevice() };
  return endOthersOf(user.id, others, new Date());
}

/** Ends every session of a user by the decision of `actor`; how many. */
export async function endForUser(actor: User, userId: number): Promise<number> {
  const by = { actorId: actor.id, device: await currentDevice() };
  return endAllOf(userId, by, new Date());
}

/** Ends sessions by the decision of `actor`: how many of them are known, and how many ended now. */
export async function endByAdmin(
  actor: User,
  ids: readonly string[],
): Promise<{ readonly known: number; readonly ended: number }> {
  const by = { actorId: actor.id, device: await currentDevice() };
  return endNamed(ids, by, new Date());
}

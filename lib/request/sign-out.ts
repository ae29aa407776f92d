import "server-only";
import { currentDevice } from "@/lib/request/client";
import { presentedLiveIds } from "@/lib/request/current";
import { clearSessionCookie } from "@/lib/request/session-cookie";
import { endSessionById } from "@/lib/session/end";

/**
 * Ends the session of this request: the row first, so that a copied cookie is dead (ASVS 7.4.1),
 * then the cookie. Without a session it does nothing. The cookie goes even when the row cannot be
 * reached; the DatabaseUnavailable is thrown on. Only in actions and route handlers.
 */
export async function endSession(now: Date = new Date()): Promise<void> {
  try {
    const device = await currentDevice();
    for (const id of await presentedLiveIds(now))
      await endSessionById({ id, reason: "signed_out", device }, now);
  } finally {
    await clearSessionCookie();
  }
}

import "server-only";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { endWhenPossible } from "@/lib/jobs/ends-to-come";
import { clearSessionCookie } from "@/lib/request/clear-cookie";
import { currentDevice } from "@/lib/request/client";
import { presentedLiveIds, presentedTokens } from "@/lib/request/session-cookie";
import { endSessionById } from "@/lib/session/end";

/**
 * Ends the session of this request: the row first, so that a copied cookie is dead (ASVS 7.4.1),
 * then the cookie. Without a session it does nothing. The cookie goes even when the row cannot be
 * reached: that ends as soon as it can, and the DatabaseUnavailable is thrown on. Only in actions
 * and route handlers.
 */
export async function endSession(now: Date = new Date()): Promise<void> {
  const device = await currentDevice();
  try {
    for (const id of await presentedLiveIds(now))
      await endSessionById({ id, reason: "signed_out", device }, now);
  } catch (error) {
    if (isDatabaseUnavailable(error))
      for (const token of await presentedTokens()) endWhenPossible(token, device);
    throw error;
  } finally {
    await clearSessionCookie();
  }
}

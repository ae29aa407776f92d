import "server-only";
import { LRUCache } from "lru-cache";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import type { Device } from "@/lib/device";
import { log } from "@/lib/log";
import { clearSessionCookie } from "@/lib/request/clear-cookie";
import { currentDevice } from "@/lib/request/client";
import { presentedLiveIds, presentedTokens } from "@/lib/request/session-cookie";
import type { Token } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { resumeSession } from "@/lib/session/resume";

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

interface EndToCome {
  readonly token: Token;
  readonly device: Device;
}

const RETRY_MS = 1000;
// In memory and bounded: after a restart, or beyond that many, a session ends by its limits.
const waiting = new LRUCache<string, EndToCome>({ max: 10_000 });
let _timer: NodeJS.Timeout | undefined;

/** Signs a token's session out as soon as the database can be reached again. */
function endWhenPossible(token: Token, device: Device): void {
  waiting.set(token.sessionId, { token, device });
  _timer ??= setTimeout(tryAgain, RETRY_MS).unref();
}

async function tryAgain(): Promise<void> {
  _timer = undefined;
  try {
    for (const [id, end] of [...waiting.entries()]) {
      await endNow(end);
      waiting.delete(id);
    }
  } catch (error) {
    if (!isDatabaseUnavailable(error)) log().error({ err: error }, "could not end a session");
    _timer ??= setTimeout(tryAgain, RETRY_MS).unref();
  }
}

async function endNow({ token, device }: EndToCome): Promise<void> {
  const now = new Date();
  const resumption = await resumeSession(token, now);
  if (resumption.state !== "live") return;
  await endSessionById({ id: resumption.session.id, reason: "signed_out", device }, now);
}

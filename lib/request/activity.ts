import "server-only";
import { LRUCache } from "lru-cache";
import { after } from "next/server";
import { type Device, deviceFrom } from "@/lib/device";
import { settings } from "@/lib/env";
import { noteRejectedSecret } from "@/lib/events/record";
import { log } from "@/lib/log";
import { metrics } from "@/lib/metrics";
import { clientAddress, isBackground } from "@/lib/request/client";
import { isOtherDevice, noteDevice, pairOf } from "@/lib/session/devices";
import { endSessionById } from "@/lib/session/end";
import { touchSession } from "@/lib/session/lifecycle";
import { isTouchDue } from "@/lib/session/policy";
import type { Presented } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";
import type { User } from "@/lib/users/user";

const LATELY_MS = 60_000;
const KNOWN_DEVICE_MS = 3_600_000;

// What this process wrote lately: other requests would ask the database in vain.
const lately = new LRUCache<string, true>({ max: 10_000, ttl: LATELY_MS });

/**
 * What a request leaves behind once its response is on the way: its use of a live session, from where, the
 * end of one that ran out, the copy of a cookie. A failure is logged and harms nobody.
 */
export function recordActivity(presented: Presented, requestHeaders: Headers): void {
  const agent = requestHeaders.get("user-agent") ?? "";
  const device = deviceFrom(clientAddress(requestHeaders), agent);
  const now = new Date();
  if (presented.state === "live") noteElsewhere(presented.session, device, now);
  if (presented.state === "live" && !isBackground(requestHeaders)) {
    const { session, user } = presented;
    if (!isTouchDue(session, settings().SESSION_TOUCH_SECONDS, now))
      metrics().touches.inc({ result: "saved" });
    // Keyed by what the row said, so that each change of the row is written for once.
    else
      once(`touch ${session.id} ${session.lastActivityAt.getTime()}`, () =>
        touch(session, user, device, now),
      );
  }
  if (presented.state === "over" && !presented.isRecorded) {
    const { sessionId: id, reason, endedAt } = presented;
    once(`end ${id}`, () => endSessionById({ id, reason, endedAt }, now));
  }
  if (presented.state === "rejected")
    once(`rejected ${presented.sessionId}`, () => noteRejectedSecret(presented, device, now));
}

// Whatever the request says of itself: a header that anybody can send must not hide a thief.
function noteElsewhere(session: Session, device: Device, now: Date): void {
  if (!isOtherDevice(session, device)) return;
  const pair = pairOf(session.id, device).toString("base64url");
  once(`device ${pair}`, () => noteDevice(session, device, now), KNOWN_DEVICE_MS);
}

async function touch(session: Session, user: User, device: Device, now: Date): Promise<void> {
  const isWritten = await touchSession(session, user, device, now);
  metrics().touches.inc({ result: isWritten ? "written" : "saved" });
}

function once(key: string, write: () => Promise<unknown>, ttl = LATELY_MS): void {
  if (lately.has(key)) return;
  lately.set(key, true, { ttl });
  after(async () => {
    try {
      await write();
    } catch (error) {
      // The next request tries again.
      lately.delete(key);
      log().warn({ err: error }, "could not note the use of a session");
    }
  });
}

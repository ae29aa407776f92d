import "server-only";
import { LRUCache } from "lru-cache";
import { headers } from "next/headers";
import { after } from "next/server";
import { inTransaction } from "@/lib/db/transaction";
import { type Device, deviceFrom } from "@/lib/device";
import { settings } from "@/lib/env";
import { noteRejectedSecret } from "@/lib/events/record";
import { includesFactor, lacksFactor, type NeededProof } from "@/lib/factors/policy";
import { log } from "@/lib/log";
import { metrics } from "@/lib/metrics";
import { clientAddress, isBackground } from "@/lib/request/client";
import { asked, isWithoutCookie, setSessionCookie, tokensOf } from "@/lib/request/session-cookie";
import { keepAhead, reached, takeAhead } from "@/lib/request-scope";
import { isOtherDevice, noteDevice, pairOf } from "@/lib/session/devices";
import { endSessionById } from "@/lib/session/end";
import { renewSession, touchSession } from "@/lib/session/lifecycle";
import { isProofFresh, isTouchDue } from "@/lib/session/policy";
import { type Presented, presentedBy } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";
import { BroughtSecret } from "@/lib/session/token";
import type { User } from "@/lib/users/user";

/** A live session and its user. */
export interface Current {
  readonly session: Session;
  readonly user: User;
  /** With which secret it came: that with the former one may read and sign out, and nothing else. */
  readonly token: "present" | "former";
  readonly brought: BroughtSecret;
}

/**
 * Whether whoever asks has proved who they are as it is needed (ASVS 7.5.1, 7.5.3). Whoever comes with
 * the former secret did not: the proof brought the present one, and only to the browser that gave it.
 */
export function hasProved(
  { session, token }: Current,
  { fresh = false, factor }: NeededProof,
  now: Date,
): boolean {
  if (!fresh && !factor) return true;
  if (token === "former" || (fresh && !isProofFresh(session, now))) return false;
  return !factor || includesFactor(session.methods, factor);
}

/** Whether a proof was given lately by whoever asks. */
export function isRecentlyProven(current: Current, now: Date): boolean {
  return hasProved(current, { fresh: true }, now);
}

/**
 * The live session of this request with its user; null when there is none, or when its user has only
 * a temporary password, or not the second factor that is asked of them: either opens nothing but the
 * page that mends it. Throws DatabaseUnavailable.
 */
export async function currentSession(): Promise<Current | null> {
  const presented = await presentedSession();
  if (presented.state !== "live" || presented.user.passwordIsTemporary) return null;
  return lacksFactor(presented.user) ? null : presented;
}

/** Who is signed in; null when nobody is, as with `currentSession`. Throws DatabaseUnavailable. */
export async function currentUser(): Promise<User | null> {
  return (await currentSession())?.user ?? null;
}

/**
 * What the cookies are worth, with the reason where there is no live session. It does not look at
 * how the user signed in: only guards, and what must work with a temporary password, ask it. Throws
 * DatabaseUnavailable.
 */
export async function presentedSession(): Promise<Presented> {
  const requestHeaders = await headers();
  const known = asked.get(requestHeaders);
  if (known) return known;
  reached();
  // Only `resumeAhead` keeps something.
  const ahead = takeAhead() as Presented | undefined;
  const presented = ahead ? Promise.resolve(ahead) : resumePresented(requestHeaders);
  asked.set(requestHeaders, presented);
  const outcome = await presented;
  metrics().resumes.inc({ result: outcome.state });
  recordActivity(outcome, requestHeaders);
  if (outcome.state === "several")
    log().warn(
      { sessionIds: outcome.sessionIds },
      "live sessions of several users in one request: none was taken",
    );
  return presented;
}

/**
 * What the cookies among these headers are worth, asked anew. A leftover cookie of the same name may
 * come first: any live one of a user counts, that with the present secret before others. Throws
 * DatabaseUnavailable.
 */
export async function resumePresented(requestHeaders: Headers): Promise<Presented> {
  if (isWithoutCookie(requestHeaders)) return { state: "none" };
  return presentedBy(await tokensOf(requestHeaders), new Date());
}

/**
 * What the cookies of a request that only reads are worth, before it is served: the guard that asks next
 * need not read the row again. What changes something is judged when it has come whole, and not by this.
 */
export async function resumeAhead(requestHeaders: Headers): Promise<Presented> {
  const presented = await resumePresented(requestHeaders);
  keepAhead(presented);
  return presented;
}

/**
 * Gives a session whose user has got another role its new secret. Of parallel requests one does;
 * the old secret stays good for what the others read. Never for the former secret: a copy of it must
 * not become the present one. The request goes on with what it gives. Only in actions and route
 * handlers.
 */
export async function renewIfDue(current: Current): Promise<Current> {
  const { session } = current;
  if (!session.isRotationDue || current.token === "former") return current;
  const now = new Date();
  const token = await inTransaction((transaction) => renewSession(transaction, current, now));
  if (!token) return current;
  await setSessionCookie({ session, token }, now);
  return { ...current, brought: new BroughtSecret(token.secret) };
}

const LATELY_MS = 60_000;
const KNOWN_DEVICE_MS = 3_600_000;

// What this process wrote lately: other requests would ask the database in vain.
const lately = new LRUCache<string, true>({ max: 10_000, ttl: LATELY_MS });

/**
 * What a request leaves behind once its response is on the way: its use of a live session, from where, the
 * end of one that ran out, the copy of a cookie. A failure is logged and harms nobody.
 */
function recordActivity(presented: Presented, requestHeaders: Headers): void {
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

import { settings } from "@/lib/env";
import { seal, unseal } from "@/lib/seal";
import { cookieValues, prefixed } from "@/lib/session/cookie";

/** A user's mark in a browser: they have signed in with it. */
export interface Mark {
  readonly userId: number;
  readonly madeAt: Date;
}

/** A browser that somebody has signed in with: it says so by a sealed cookie that opens nothing. */
export interface KnownDevice {
  readonly id: string;
  /** The latest first. */
  readonly marks: readonly Mark[];
}

// Ids and times apart: a version that knows no times reads the ids all the same.
interface Payload {
  readonly d: string;
  readonly u: number[];
  readonly t: number[];
}

/** How long a mark is good: 90 days. */
export const KNOWN_BROWSER_SECONDS = 90 * 86_400;
const MOST_USERS = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Its cookie's name: that of the session with an ending, so that apps on one host stay apart. */
export function deviceCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-device`);
}

/** How long a browser keeps it: as long as a mark is good, unless it goes with the browser. */
export function deviceCookieMaxAge(): number | undefined {
  return settings().SESSION_EXPIRE_AT_BROWSER_CLOSE ? undefined : KNOWN_BROWSER_SECONDS;
}

/** The device of a `Cookie` header; null when it brings no seal of ours. */
export async function openDevice(cookieHeader: string | null): Promise<KnownDevice | null> {
  const [value] = cookieValues(cookieHeader, deviceCookieName());
  const payload = value ? await unseal<Payload>("device", value) : null;
  const { d: id, u: userIds, t: times } = payload ?? {};
  if (typeof id !== "string" || !UUID.test(id) || !Array.isArray(userIds)) return null;
  // Seals of an earlier version have no times: their marks are of no time, and count as over.
  const timeOf = (index: number) => new Date((Array.isArray(times) && times[index]) || 0);
  return { id, marks: userIds.map((userId, index) => ({ userId, madeAt: timeOf(index) })) };
}

/** Whether a device is one of this user's: its mark is neither too old nor of before all ended. */
export function isKnownTo(
  known: KnownDevice | null,
  user: { readonly id: number; readonly knownBrowsersSince: Date | null },
  now: Date,
): boolean {
  const mark = known?.marks.find(({ userId }) => userId === user.id);
  if (!mark) return false;
  const made = mark.madeAt.getTime();
  const isYoung = now.getTime() < made + KNOWN_BROWSER_SECONDS * 1000;
  return isYoung && made >= (user.knownBrowsersSince?.getTime() ?? 0);
}

/** The cookie's value after this user has given their password: one of theirs from now on. */
export function sealDevice(known: KnownDevice | null, userId: number, now: Date): Promise<string> {
  const others = (known?.marks ?? []).filter((mark) => mark.userId !== userId);
  const marks = [{ userId, madeAt: now }, ...others].slice(0, MOST_USERS);
  const payload: Payload = {
    d: known?.id ?? crypto.randomUUID(),
    u: marks.map((mark) => mark.userId),
    t: marks.map(({ madeAt }) => madeAt.getTime()),
  };
  return seal("device", payload, KNOWN_BROWSER_SECONDS);
}

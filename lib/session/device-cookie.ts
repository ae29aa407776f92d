import { settings } from "@/lib/env";
import { cookieValues, LONGEST_MAX_AGE_SECONDS, prefixed } from "@/lib/session/cookie";
import { seal, unseal } from "@/lib/session/seal";

/** A browser that somebody has signed in with: it says so by a sealed cookie that opens nothing. */
export interface KnownDevice {
  readonly id: string;
  /** Who signed in with it, latest first. */
  readonly userIds: readonly number[];
}

const MOST_USERS = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Its cookie's name: that of the session with an ending, so that apps on one host stay apart. */
export function deviceCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-device`);
}

/** How long a browser keeps it: as long as browsers keep any, unless it goes with the browser. */
export function deviceCookieMaxAge(): number | undefined {
  return settings().SESSION_EXPIRE_AT_BROWSER_CLOSE ? undefined : LONGEST_MAX_AGE_SECONDS;
}

/** The device of a `Cookie` header; null when it brings no seal of ours. */
export async function openDevice(cookieHeader: string | null): Promise<KnownDevice | null> {
  const [value] = cookieValues(cookieHeader, deviceCookieName());
  const payload = value ? await unseal<{ d: string; u: number[] }>("device", value) : null;
  const { d: id, u: userIds } = payload ?? {};
  if (typeof id !== "string" || !UUID.test(id) || !Array.isArray(userIds)) return null;
  return { id, userIds };
}

/** The cookie's value after this user has signed in: one of theirs from now on. */
export function sealDevice(known: KnownDevice | null, userId: number): Promise<string> {
  const others = (known?.userIds ?? []).filter((other) => other !== userId);
  const userIds = [userId, ...others].slice(0, MOST_USERS);
  const payload = { d: known?.id ?? crypto.randomUUID(), u: userIds };
  return seal("device", payload, LONGEST_MAX_AGE_SECONDS);
}

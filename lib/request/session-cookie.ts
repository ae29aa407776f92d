import "server-only";
import { cookies, headers } from "next/headers";
import { presentInstead } from "@/lib/request/current";
import {
  clearingLines,
  cookieAttributes,
  cookieMaxAge,
  cookieValues,
  formerCookieNames,
  sealToken,
  sessionCookieName,
} from "@/lib/session/cookie";
import type { Started } from "@/lib/session/lifecycle";

/**
 * Hands the browser its sealed token; the request itself goes on with that session. Only in actions
 * and route handlers.
 */
export async function setSessionCookie({ session, token }: Started, now: Date): Promise<void> {
  const attributes = cookieAttributes(cookieMaxAge(session, now));
  (await cookies()).set(sessionCookieName(), await sealToken(token, now), attributes);
  await presentInstead(token);
}

/**
 * Takes the session cookie back, with the names it may have had under other settings. Sets nothing
 * where the browser has none. For this request nobody is signed in any more. Only in actions and
 * route handlers.
 */
export async function clearSessionCookie(): Promise<void> {
  const jar = await cookies();
  const header = (await headers()).get("cookie");
  const name = sessionCookieName();
  // Not in the header is one that this very answer was to hand over.
  if (cookieValues(header).length > 0 || jar.has(name)) jar.set(name, "", cookieAttributes(0));
  for (const former of formerCookieNames().filter((each) => jar.has(each)))
    jar.set(former, "", former.startsWith("__Host-") ? hostAttributes() : cookieAttributes(0));
  await presentInstead(null);
}

/** Takes every session cookie away that can have come with a request to these paths; see clearingLines. */
export function clearingEverywhere(answer: Response, ...paths: readonly string[]): Response {
  for (const line of clearingLines(paths)) answer.headers.append("Set-Cookie", line);
  return answer;
}

// What the prefix asks for, whatever the settings are now; else the browser ignores the clearing.
function hostAttributes() {
  const { domain: _, ...attributes } = cookieAttributes(0);
  return { ...attributes, secure: true };
}

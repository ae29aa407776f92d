import "server-only";
import { cookies, headers } from "next/headers";
import { withReturnTo } from "@/lib/request/return-to";
import { presentInstead } from "@/lib/request/session-cookie";
import { seal, unseal } from "@/lib/seal";
import { clearingLines, formerCookieNames } from "@/lib/session/clear-cookie";
import { cookieAttributes, cookieValues, sessionCookieName } from "@/lib/session/cookie";
import type { Presented } from "@/lib/session/resume";

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
export function clearingEverywhere(response: Response, ...paths: readonly string[]): Response {
  for (const line of clearingLines(paths)) response.headers.append("Set-Cookie", line);
  return response;
}

// What the prefix asks for, whatever the settings are now; else the browser ignores the clearing.
function hostAttributes() {
  const { domain: _, ...attributes } = cookieAttributes(0);
  return { ...attributes, secure: true };
}

const HOUR_SECONDS = 3600;

/**
 * The way of a browser whose live sessions of several users were refused: it names them, since a
 * cookie of the path that was asked for does not come to where cookies are cleared, and so that one
 * that comes back can be told from a session that was begun since. Sealed, good for an hour: a link
 * that anybody can write must take nobody's cookies.
 */
export async function refusedWay(
  path: "/session/ended" | "/sign-in",
  sessionIds: readonly string[],
  returnTo: string,
): Promise<string> {
  const refused = await seal("refused", { ids: sessionIds }, HOUR_SECONDS);
  const reason = path === "/sign-in" ? { reason: "several_users" } : {};
  return withReturnTo(path, returnTo, { ...reason, refused });
}

/** The sessions that the `refused` of such a way names; none where it is no seal of ours. */
export async function namedRefused(refused: unknown): Promise<readonly string[]> {
  if (typeof refused !== "string") return [];
  const payload = await unseal<{ ids: string[] }>("refused", refused);
  return Array.isArray(payload?.ids) ? payload.ids : [];
}

/** Whether a request brings one of these sessions, still or again. */
export function bringsAny(presented: Presented, sessionIds: readonly string[]): boolean {
  if (presented.state === "live") return sessionIds.includes(presented.session.id);
  return (
    presented.state === "several" && presented.sessionIds.some((id) => sessionIds.includes(id))
  );
}

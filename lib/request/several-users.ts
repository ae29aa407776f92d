import "server-only";
import type { Presented } from "@/lib/request/current";
import { withReturnTo } from "@/lib/request/return-to";
import { seal, unseal } from "@/lib/session/seal";

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

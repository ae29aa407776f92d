import { settings } from "@/lib/env";
import { cookieAttributes, cookieValues, prefixed } from "@/lib/session/cookie";

/** As Django makes a `session_key`: 32 of these today, 8 at least. */
const KEY = /^[a-z0-9]{8,40}$/;

/**
 * The `session_key` of Django that a browser brings; null for none, for what is none, and for two: one of
 * them a sibling host may have tossed in. Always null while the bridge is off. Runs at the edge.
 */
export function djangoKeyOf(cookieHeader: string | null): string | null {
  const { DJANGO_SECRET_KEYS, DJANGO_SESSION_COOKIE_NAME: name } = settings();
  if (!DJANGO_SECRET_KEYS) return null;
  const [key, ...others] = cookieValues(cookieHeader, name);
  return key !== undefined && others.length === 0 && KEY.test(key) ? key : null;
}

/** Whether a request is a person's own way to a page, and no prefetch, part of a page or program. */
export function isVisit({ method, headers }: Pick<Request, "method" | "headers">): boolean {
  const isPart = ["rsc", "next-router-prefetch", "x-middleware-prefetch"].some((name) =>
    headers.has(name),
  );
  const purpose = headers.get("sec-purpose") ?? headers.get("purpose") ?? "";
  const target = headers.get("sec-fetch-dest") ?? "document";
  return method === "GET" && !isPart && !/prefetch/i.test(purpose) && target === "document";
}

const SENT_ON_SECONDS = 10;

/** Has the browser keep for a moment that it was sent on: once, then it signs in. */
export function noteSentOn(response: Response): Response {
  const { secure, sameSite } = cookieAttributes();
  const end = `Path=/; HttpOnly; SameSite=${sameSite}${secure ? "; Secure" : ""}`;
  response.headers.append("Set-Cookie", `${sentOnName()}=1; Max-Age=${SENT_ON_SECONDS}; ${end}`);
  return response;
}

/** Whether a browser was sent on a moment ago. */
export function wasSentOn(cookieHeader: string | null): boolean {
  return cookieValues(cookieHeader, sentOnName()).length > 0;
}

function sentOnName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-sent-on`);
}

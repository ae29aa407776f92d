import "server-only";
import { cookies } from "next/headers";
import type { KnownDevice } from "@/lib/auth/known-browser";
import { settings } from "@/lib/env";
import { type AskedDevice, deviceToAskAbout } from "@/lib/mail/notices";
import { seal, unseal } from "@/lib/seal";
import { cookieAttributes, prefixed } from "@/lib/session/cookie";
import type { Session } from "@/lib/session/session";

/** As long as the mail's link to the same question is good: 7 days. */
const ASKED_SECONDS = 7 * 86_400;

interface Payload {
  readonly u: number;
  readonly s: string;
  readonly d: string;
  readonly i: string;
  readonly t: number;
}

function askedCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-asked`);
}

/**
 * Has the pages of a session that has just begun ask about a new browser that signed in since this one
 * did, as its cookie of before says. By a sealed cookie, so that no page reads more for it. Only in
 * actions and route handlers.
 */
export async function askAboutNewDevice(
  session: Pick<Session, "id" | "userId">,
  known: KnownDevice | null,
): Promise<void> {
  const mark = known?.marks.find(({ userId }) => userId === session.userId);
  const asked = await deviceToAskAbout(session, mark?.madeAt ?? null);
  if (!asked) return forgetAsked();
  const { sessionId: s, device: d, ipAddress: i, at } = asked;
  const payload: Payload = { u: session.userId, s, d, i, t: at.getTime() };
  const value = await seal("asked", payload, ASKED_SECONDS);
  (await cookies()).set(askedCookieName(), value, cookieAttributes(ASKED_SECONDS));
}

/** What this browser's user is asked about; null when that is nothing, or was somebody else. */
export async function askedDevice(userId: number): Promise<AskedDevice | null> {
  const value = (await cookies()).get(askedCookieName())?.value;
  const payload = value ? await unseal<Payload>("asked", value) : null;
  const { u, s: sessionId, d: device, i: ipAddress, t: at } = payload ?? {};
  if (u !== userId || !sessionId || !device || ipAddress === undefined || !at) return null;
  return { sessionId, device, ipAddress, at: new Date(at) };
}

/** The question is answered. Only in actions and route handlers. */
export async function forgetAsked(): Promise<void> {
  const jar = await cookies();
  if (jar.has(askedCookieName())) jar.set(askedCookieName(), "", cookieAttributes(0));
}

// Sessions of a test's own: a real row and a real seal, and no form.
import { eq, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import type { Method } from "@/lib/db/method-list";
import { type EndReason, sessions } from "@/lib/db/schema";
import { isRefused } from "@/lib/refused";
import { cookieAttributes, sealToken, sessionCookieName } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { effectiveSession, findSession } from "@/lib/session/session";
import type { User } from "@/lib/users/user";
import { insistOnThisMachine } from "./this-machine-only";

/** What a session of Playwright, or of anything like it, takes cookies by. */
interface CookieJar {
  addCookies(cookies: readonly BrowserCookie[]): Promise<void>;
}

interface BrowserCookie {
  name: string;
  value: string;
  url: string;
  httpOnly: boolean;
  sameSite: "Lax" | "Strict";
}

export interface TestSession {
  readonly id: string;
  /** As a `Cookie` header has it: `name=value`. */
  readonly cookie: string;
  /** Gives the cookie to a browser, such as a context of Playwright, for the site at `origin`. */
  addTo(browser: CookieJar, origin: string): Promise<void>;
}

interface Wanted {
  /** Whether "Stay signed in" was ticked. */
  readonly persistent?: boolean;
  /** How they proved who they are; by password if left out. */
  readonly methods?: readonly Method[];
  /** What the browser says it is; a browser that says nothing if left out. */
  readonly userAgent?: string;
}

/**
 * Signs somebody in without their password, as any other browser of theirs would be. The app that
 * takes the cookie has the same `DATABASE_URL`, `SESSION_SECRET` and cookie settings as the test.
 */
export async function signInAs(
  user: User,
  { persistent = false, methods = ["password"], userAgent = "" }: Wanted = {},
): Promise<TestSession> {
  insistOnThisMachine();
  const now = new Date();
  const device = { ipAddress: "127.0.0.1", userAgent };
  const started = await startSession({ user, methods, persistent, device, replaced: [] }, now);
  if (isRefused(started)) throw new Error(`${user.username} cannot sign in: is the user active?`);
  const name = sessionCookieName();
  const value = await sealToken(started.token, now);
  const sameSite = cookieAttributes().sameSite === "lax" ? "Lax" : "Strict";
  return {
    id: started.session.id,
    cookie: `${name}=${value}`,
    addTo: (browser, origin) =>
      browser.addCookies([{ name, value, url: origin, httpOnly: true, sameSite }]),
  };
}

/** Makes a session, live or ended, as it will be in so many seconds, in which nothing happens to it. */
export async function letTimePass({ id }: Pick<TestSession, "id">, seconds: number): Promise<void> {
  insistOnThisMachine();
  const earlier = (column: (typeof TIMES)[number]) =>
    sql`${sessions[column]} - interval ${seconds} second`;
  const moved = Object.fromEntries(TIMES.map((column) => [column, earlier(column)]));
  await db().update(sessions).set(moved).where(eq(sessions.id, id));
}

const TIMES = [
  "createdAt",
  "authenticatedAt",
  "lastActivityAt",
  "expiresAt",
  "absoluteExpiresAt",
  "endedAt",
] as const;

/** Throws unless the session is over for this reason, as its browser would be told now. */
export async function expectEnded(
  { id }: Pick<TestSession, "id">,
  reason: EndReason,
): Promise<void> {
  const found = await findSession(id);
  if (!found)
    throw new Error(`There is no session ${id}, where one ended by ${reason} was expected`);
  const { endedAt, endReason } = effectiveSession(found.session, found.user, new Date());
  if (endReason === reason) return;
  const is = endedAt ? `ended by ${endReason}` : "is live";
  throw new Error(`The session ${id} ${is}, where ended by ${reason} was expected`);
}

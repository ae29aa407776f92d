import "server-only";
import { headers } from "next/headers";
import type { User } from "@/lib/account/user";
import { metrics } from "@/lib/metrics";
import { noteOutcome } from "@/lib/request/afterwards";
import { cookieValues, openCookies, type Token } from "@/lib/session/cookie";
import { type Resumption, resumeSession } from "@/lib/session/resume";
import type { Session } from "@/lib/session/session";

/** A live session and its user. */
export interface Current {
  readonly session: Session;
  readonly user: User;
}

/** What a request's cookies are worth; `none` when it brought no session cookie. */
export type Presented = Resumption | { readonly state: "none" };

// One read a request, however often and wherever asked. React's `cache` does nothing in actions
// and route handlers; the headers object is the same for the whole of a request.
const asked = new WeakMap<object, Promise<Presented>>();

/** The live session of this request with its user; null when there is none. Throws DatabaseUnavailable. */
export async function currentSession(): Promise<Current | null> {
  const presented = await presentedSession();
  return presented.state === "live" ? presented : null;
}

/** Who is signed in; null when nobody is. Throws DatabaseUnavailable. */
export async function currentUser(): Promise<User | null> {
  return (await currentSession())?.user ?? null;
}

/** The same with the reason where there is no live session. Throws DatabaseUnavailable. */
export async function presentedSession(): Promise<Presented> {
  const requestHeaders = await headers();
  const known = asked.get(requestHeaders);
  if (known) return known;
  const presented = resumePresented(requestHeaders.get("cookie"));
  asked.set(requestHeaders, presented);
  const outcome = await presented;
  metrics().resumes.inc({ result: outcome.state });
  noteOutcome(outcome, requestHeaders);
  return presented;
}

/** Every token that this request's cookies hold, whatever it is worth. */
export async function presentedTokens(): Promise<Token[]> {
  return openCookies((await headers()).get("cookie"));
}

/** Every live session that this request's cookies open: a browser may present several. */
export async function presentedLiveIds(now: Date): Promise<string[]> {
  const ids: string[] = [];
  for (const token of await presentedTokens()) {
    const resumption = await resumeSession(token, now);
    if (resumption.state === "live") ids.push(resumption.session.id);
  }
  return ids;
}

/** Makes the next question of this request read the row again, after the session was changed. */
export async function forgetPresented(): Promise<void> {
  asked.delete(await headers());
}

// A leftover cookie of the same name may come first: any live one counts.
async function resumePresented(cookieHeader: string | null): Promise<Presented> {
  if (cookieValues(cookieHeader).length === 0) return { state: "none" };
  let best: Presented = { state: "unknown" };
  for (const token of await openCookies(cookieHeader)) {
    const resumption = await resumeSession(token, new Date());
    if (resumption.state === "live") return resumption;
    if (best.state === "unknown") best = resumption;
  }
  return best;
}

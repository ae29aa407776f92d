import "server-only";
import type { EndReason } from "@/lib/db/schema";
import { rowAtDjango } from "@/lib/django/rows";
import type { Token } from "@/lib/session/cookie";
import {
  effectiveSession,
  findSession,
  type Session,
  type StoredSession,
} from "@/lib/session/session";
import { BroughtSecret } from "@/lib/session/token";
import type { User } from "@/lib/users/user";

/** What became of a token. */
export type Resumption =
  | {
      readonly state: "live";
      readonly session: Session;
      readonly user: User;
      /** The one with the former secret still serves requests that were under way when it was replaced. */
      readonly token: "present" | "former";
      readonly brought: BroughtSecret;
    }
  /** Over; `isRecorded` is false while the row does not say so yet. */
  | {
      readonly state: "over";
      readonly sessionId: string;
      readonly reason: EndReason;
      /** When it ended; for one that ran out, when it did. */
      readonly endedAt: Date;
      readonly isRecorded: boolean;
    }
  /** A live session of another secret: the cookie is a copy or long out of date. */
  | { readonly state: "rejected"; readonly sessionId: string; readonly userId: number }
  | { readonly state: "unknown" };

/**
 * Asks the row what a token is worth at `now`. Reads only. Throws DatabaseUnavailable rather than
 * call anybody signed out.
 */
export async function resumeSession(token: Token, now: Date): Promise<Resumption> {
  const stored = await findSession(token.sessionId);
  const worth = worthOf(token, stored, now);
  if (worth.state !== "live" || !stored?.djangoRow) return worth;
  if (await rowAtDjango(stored.djangoRow, now)) return worth;
  const over = { sessionId: token.sessionId, endedAt: now, isRecorded: false };
  return { state: "over", reason: "django_signed_out", ...over };
}

function worthOf(token: Token, stored: StoredSession | null, now: Date): Resumption {
  if (!stored) return { state: "unknown" };
  const { user } = stored;
  const session = effectiveSession(stored.session, user, now);
  const { id: sessionId, endReason: reason, endedAt } = session;
  const isOver = reason !== null && endedAt !== null;
  // What has been written down is told to whoever brings the seal: there is no hash left to compare.
  const isRecorded = stored.session.endedAt !== null;
  if (isOver && isRecorded) return { state: "over", sessionId, reason, endedAt, isRecorded };
  const brought = new BroughtSecret(token.secret);
  const which = whichSecret(stored, brought, now);
  if (!which) return { state: "rejected", sessionId, userId: user.id };
  if (isOver) return { state: "over", sessionId, reason, endedAt, isRecorded };
  return { state: "live", session, user, token: which, brought };
}

function whichSecret(
  stored: StoredSession,
  brought: BroughtSecret,
  now: Date,
): "present" | "former" | null {
  if (brought.fits(stored.secretHash)) return "present";
  const isInGrace = stored.formerSecretUntil !== null && now < stored.formerSecretUntil;
  return isInGrace && brought.fits(stored.formerSecretHash) ? "former" : null;
}

/** What a request's cookies are worth. */
export type Presented =
  | Resumption
  /** It brought no session cookie. */
  | { readonly state: "none" }
  /**
   * Live sessions of several users. A sibling host can have tossed one in: none is taken, else
   * somebody would act, and leave their data, in an account that is not theirs.
   */
  | { readonly state: "several"; readonly sessionIds: readonly string[] };

/**
 * What the tokens of a request are worth together. A leftover cookie of the same name may come first:
 * any live one of a user counts, that with the present secret before others. Throws
 * DatabaseUnavailable.
 */
export async function presentedBy(tokens: readonly Token[], now: Date): Promise<Presented> {
  const all = await Promise.all(tokens.map((token) => resumeSession(token, now)));
  const live = liveOf(all);
  if (new Set(live.map(({ user }) => user.id)).size > 1)
    return { state: "several", sessionIds: live.map(({ session }) => session.id) };
  const best = live.find(({ token }) => token === "present") ?? live[0];
  return best ?? all.find(({ state }) => state !== "unknown") ?? { state: "unknown" };
}

/** The ids of the live sessions that these tokens open, each once. */
export async function liveIdsOf(tokens: readonly Token[], now: Date): Promise<string[]> {
  const live = liveOf(await Promise.all(tokens.map((token) => resumeSession(token, now))));
  return [...new Set(live.map(({ session }) => session.id))];
}

function liveOf(resumptions: readonly Resumption[]) {
  return resumptions.filter((each) => each.state === "live");
}

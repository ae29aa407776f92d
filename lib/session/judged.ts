import "server-only";
import type { User } from "@/lib/account/user";
import { settings } from "@/lib/env";
import { inForce, judge, type Lifetime, limitsFor } from "@/lib/session/policy";
import type { Session } from "@/lib/session/session";

/**
 * A session as a request would be told at `now`: with the limits that count today, and over where
 * its time is up or its user disabled, whether or not anybody has written that down yet.
 */
export function judged<S extends Lifetime & Pick<Session, "endedAt" | "endReason">>(
  session: S,
  user: Pick<User, "role" | "status">,
  now: Date,
): S {
  if (session.endedAt) return session;
  const limits = limitsFor(user.role, settings());
  const current = inForce(session, limits);
  const endReason = judge(session, limits, now);
  if (endReason) return { ...current, endedAt: current.expiresAt, endReason };
  if (user.status === "disabled") return { ...current, endedAt: now, endReason: "user_disabled" };
  return current;
}

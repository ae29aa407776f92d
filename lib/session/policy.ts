import type { EndReason } from "@/lib/db/schema";
import type { Settings } from "@/lib/env";
import type { Role } from "@/lib/roles";

/** How long a session may live, for the role that its user has now. */
export interface Limits {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  /** False: the end is fixed at sign-in and activity does not move it. */
  readonly isSliding: boolean;
}

/** The times of a session that decide its life. */
export interface Lifetime {
  readonly createdAt: Date;
  readonly lastActivityAt: Date;
  readonly expiresAt: Date;
  readonly absoluteExpiresAt: Date;
}

/** After a rotation the former secret still serves the requests that were already under way. */
export const ROTATION_GRACE_SECONDS = 30;

/** How long a password that was given counts as a fresh proof (ASVS 7.5.1). */
const FRESH_PROOF_SECONDS = 900;

/** Whether a password was given so lately that none has to be asked for. */
export function isProofFresh({ authenticatedAt }: { authenticatedAt: Date }, now: Date): boolean {
  return now < after(authenticatedAt, FRESH_PROOF_SECONDS);
}

/** The limits of a role. Staff and administrators get the smaller of both pairs (NIST 800-63B). */
export function limitsFor(role: Role, settings: Settings): Limits {
  const isSliding = settings.SESSION_SAVE_EVERY_REQUEST;
  const idleSeconds = settings.SESSION_COOKIE_AGE;
  const absoluteSeconds = settings.SESSION_ABSOLUTE_AGE;
  if (role === "member") return { idleSeconds, absoluteSeconds, isSliding };
  return {
    idleSeconds: Math.min(idleSeconds, settings.SESSION_STAFF_COOKIE_AGE),
    absoluteSeconds: Math.min(absoluteSeconds, settings.SESSION_STAFF_ABSOLUTE_AGE),
    isSliding,
  };
}

/** The lifetime of a session that starts at `now`. */
export function lifetimeFrom(now: Date, limits: Limits): Lifetime {
  const absoluteExpiresAt = after(now, limits.absoluteSeconds);
  const expiresAt = earlier(after(now, limits.idleSeconds), absoluteExpiresAt);
  return { createdAt: now, lastActivityAt: now, expiresAt, absoluteExpiresAt };
}

/**
 * When the session ends if nothing more happens. Asks today's limits beside the stored times, so
 * that a shortened setting or a raised role reaches sessions that exist.
 */
export function endsAt(session: Lifetime, limits: Limits): Date {
  return earlier(idleEnd(session, limits), absoluteEnd(session, limits));
}

/** The session with the ends that count today, whatever was written at sign-in. */
export function withCurrentLimits<S extends Lifetime>(session: S, limits: Limits): S {
  const absoluteExpiresAt = absoluteEnd(session, limits);
  return { ...session, expiresAt: endsAt(session, limits), absoluteExpiresAt };
}

/** Why the session is over at `now`, or null while it lives. It lives until the last ms before. */
export function expiryReason(session: Lifetime, limits: Limits, now: Date): EndReason | null {
  if (now >= absoluteEnd(session, limits)) return "absolute";
  if (now >= idleEnd(session, limits)) return "idle";
  return null;
}

/** The end that activity at `now` gives the session; the absolute end never moves. */
export function extendedEnd(session: Lifetime, limits: Limits, now: Date): Date {
  if (!limits.isSliding) return session.expiresAt;
  return earlier(after(now, limits.idleSeconds), absoluteEnd(session, limits));
}

/** Whether activity at `now` is to be written: at most once in `touchSeconds`. */
export function isTouchDue(session: Lifetime, touchSeconds: number, now: Date): boolean {
  return now >= after(session.lastActivityAt, touchSeconds);
}

function idleEnd(session: Lifetime, limits: Limits): Date {
  const basis = limits.isSliding ? session.lastActivityAt : session.createdAt;
  return earlier(session.expiresAt, after(basis, limits.idleSeconds));
}

function absoluteEnd(session: Lifetime, limits: Limits): Date {
  return earlier(session.absoluteExpiresAt, after(session.createdAt, limits.absoluteSeconds));
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

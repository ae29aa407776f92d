import "server-only";
import { and, asc, count, eq, gt, inArray, isNull, lte, ne } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { type EndReason, type EventType, sessions } from "@/lib/db/schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { signOutAtDjango } from "@/lib/session/adopted";

/** Which sessions: those of a user, but one perhaps; those of these ids, whoever's; or both. */
export interface Which {
  readonly userId?: number;
  readonly except?: string;
  readonly ids?: readonly string[];
}

/** A session as far as its end asks. */
export interface Ending {
  readonly id: string;
  readonly userId: number;
}

/** What is taken out of a session's row when it ends: nothing opens it any more. */
export const ERASED = {
  secretHash: null,
  formerSecretHash: null,
  formerSecretUntil: null,
  djangoRow: null,
};

/**
 * The sessions that match and nothing has ended, locked until the transaction ends; of a user also
 * those alone whose time is not up at `now`, the one that was used longest ago first.
 */
export async function lockLive(
  executor: Executor,
  { userId, except, ids }: Which,
  now: Date,
): Promise<Ending[]> {
  if (ids?.length === 0) return [];
  const matches = and(
    isNull(sessions.endedAt),
    userId === undefined ? undefined : eq(sessions.userId, userId),
    except === undefined ? undefined : ne(sessions.id, except),
    ids ? inArray(sessions.id, [...ids]) : gt(sessions.expiresAt, now),
  );
  return (
    executor
      .select({ id: sessions.id, userId: sessions.userId })
      // By key, in its order, as a touch and the purge take them.
      .from(sessions, ids ? { forceIndex: "PRIMARY" } : {})
      .where(matches)
      .orderBy(...(ids ? [] : [asc(sessions.lastActivityAt)]), asc(sessions.id))
      .for("update")
  );
}

/** How many of those that are named by their ids there are, live or ended. */
export async function countKnown(executor: Executor, { userId, ids = [] }: Which): Promise<number> {
  const isTheirs = userId === undefined ? undefined : eq(sessions.userId, userId);
  const [row] = await executor
    .select({ known: count() })
    .from(sessions)
    .where(and(inArray(sessions.id, [...ids]), isTheirs));
  return row?.known ?? 0;
}

/** Whose those sessions are: each user once. */
export async function findOwners(executor: Executor, ids: readonly string[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const found = await executor
    .selectDistinct({ userId: sessions.userId })
    .from(sessions)
    .where(inArray(sessions.id, [...ids]));
  return found.map(({ userId }) => userId);
}

/** Ends sessions by id; those that are over already keep their reason. How many ended. */
export async function writeEnds(
  executor: Executor,
  ids: readonly string[],
  endReason: EndReason,
  endedAt: Date,
): Promise<number> {
  if (ids.length === 0) return 0;
  const isLive = and(inArray(sessions.id, [...ids]), isNull(sessions.endedAt));
  await signOutAtDjango(executor, { ids });
  const [result] = await executor
    .update(sessions)
    .set({ ...ERASED, endReason, endedAt })
    .where(isLive);
  return result.affectedRows;
}

/** Why sessions end, and who says so (their own user when `actorId` is left out). */
export interface End {
  readonly reason: EndReason;
  readonly device?: Device;
  readonly actorId?: number;
  /** When they ended, where that was before it was noticed. */
  readonly endedAt?: Date;
}

/** Ends sessions that the transaction holds, with an event each. */
export async function endHeld(
  transaction: Transaction,
  held: readonly Ending[],
  end: End,
  now: Date,
): Promise<void> {
  const ids = held.map(({ id }) => id);
  await writeEnds(transaction, ids, end.reason, end.endedAt ?? now);
  const happened = held.map((session) => endEvent(session, end, now));
  await recordEvents(transaction, happened);
}

function endEvent({ id, userId }: Ending, end: End, now: Date): NewEvent {
  return {
    type: eventTypeOf(end.reason),
    at: now,
    userId,
    actorId: end.actorId ?? null,
    sessionId: id,
    device: end.device ?? null,
    detail: { reason: end.reason },
  };
}

function eventTypeOf(reason: EndReason): EventType {
  if (reason === "signed_out") return "sign_out";
  if (reason === "idle" || reason === "absolute") return "session_expired";
  return "session_revoked";
}

/**
 * Holds `SESSION_LIMIT_PER_USER` after `newest` was added: the sessions whose last use is longest
 * ago end. The caller's transaction holds the user's row, so parallel sign-ins count one by one.
 */
export async function endSurplus(
  transaction: Transaction,
  { id, userId }: Ending,
  now: Date,
): Promise<void> {
  const { SESSION_LIMIT_PER_USER: limit } = settings();
  if (limit === 0) return;
  const older = await lockLive(transaction, { userId, except: id }, now);
  const surplus = older.slice(0, Math.max(older.length - (limit - 1), 0));
  await endHeld(transaction, surplus, { reason: "limit" }, now);
}

/** Ids of sessions that nothing has ended and whose time is not up at `now`. */
export async function findLive(now: Date, limit: number): Promise<string[]> {
  const rows = await db()
    .select({ id: sessions.id })
    .from(sessions)
    .where(isNotEnded(now))
    .limit(limit);
  return rows.map(({ id }) => id);
}

const BY_EXPIRY = "sessions_ended_expires";
/** So many entries of an index are counted within the time limit of a statement, with room. */
const AT_ONCE = 100_000;

/** How many sessions nothing has ended and whose time is not up at `now`, however many there are. */
export async function countNotEnded(now: Date, atOnce = AT_ONCE): Promise<number> {
  let counted = 0;
  for (let from: Date | undefined = now; from; ) {
    const until = await expiryFurtherOn(from, atOnce);
    const [row] = await db()
      .select({ live: count() })
      .from(sessions, { forceIndex: BY_EXPIRY })
      .where(and(isNotEnded(from), until && lte(sessions.expiresAt, until)));
    counted += row?.live ?? 0;
    from = until;
  }
  return counted;
}

async function expiryFurtherOn(from: Date, entries: number): Promise<Date | undefined> {
  const [row] = await db()
    .select({ expiresAt: sessions.expiresAt })
    .from(sessions, { forceIndex: BY_EXPIRY })
    .where(isNotEnded(from))
    .orderBy(asc(sessions.expiresAt))
    .limit(1)
    .offset(entries - 1);
  return row?.expiresAt;
}

/** Whether nothing has ended a session and its time is not up at `now`. */
export const isNotEnded = (now: Date) => and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));

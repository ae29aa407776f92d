import "server-only";
import type { EndReason, EventType } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import {
  countNotEnded,
  findLive,
  findOwner,
  lockSessionsOfUser,
  writeEnd,
  writeEnds,
} from "@/lib/session/end-rows";
import { forgetEverybodysBrowsers, forgetKnownBrowsers } from "@/lib/users/users";

const RESET_BATCH = 1000;

/** Which session ends, why, and who says so (its own user when `actorId` is left out). */
export interface End {
  readonly id: string;
  readonly reason: EndReason;
  readonly device?: Device;
  readonly actorId?: number;
  /** When it ended, where that was before it was noticed. */
  readonly endedAt?: Date;
}

/** Ends one session. Ending what is over, or was never there, is success: false, and no event. */
export async function endSessionById(end: End, now: Date): Promise<boolean> {
  return inTransaction((transaction) => endInTransaction(transaction, end, now));
}

/** The same, as a part of something larger: the end and its event stand or fall together. */
export async function endInTransaction(
  transaction: Transaction,
  end: End,
  now: Date,
): Promise<boolean> {
  const isEnded = await writeEnd(transaction, end.id, end.reason, end.endedAt ?? now);
  if (!isEnded) return false;
  const userId = await findOwner(transaction, end.id);
  await recordEvents(transaction, [endEvent(end, userId, now)]);
  return true;
}

/**
 * Ends a user's live sessions but `keep`; how many. No browser is known to them afterwards: whoever
 * had a session may have tried with that browser, too. That of `keep` gets a new mark.
 */
export async function endSessionsOfUser(
  transaction: Transaction,
  userId: number,
  end: Omit<End, "id"> & { readonly keep?: string },
  now: Date,
): Promise<number> {
  // Users before sessions, as a sign-in takes them.
  await forgetKnownBrowsers(transaction, userId, now);
  const live = await lockSessionsOfUser(transaction, userId, now);
  const ending = live.filter(({ id }) => id !== end.keep);
  await endAll(transaction, ending, end, now);
  return ending.length;
}

/**
 * Ends every live session of everybody (`reset`), in batches, since one statement over millions of
 * rows would meet its time limit, and every browser's mark of being known. One event for all; how
 * many.
 */
export async function endAllSessions(now: Date): Promise<number> {
  let ended = await clearFirst(now);
  for (let ids = await findLive(now, RESET_BATCH); ids.length > 0; ) {
    const batch = ids;
    ended += await inTransaction((transaction) => writeEnds(transaction, batch, "reset", now));
    ids = await findLive(now, RESET_BATCH);
  }
  await forgetEverybodysBrowsers(now);
  return ended;
}

// The event goes with the first batch: where it cannot be written, nobody's session ends.
async function clearFirst(now: Date): Promise<number> {
  const sessions = await countNotEnded(now);
  const ids = await findLive(now, RESET_BATCH);
  return inTransaction(async (transaction) => {
    const detail = { reason: "reset", sessions };
    await recordEvents(transaction, [{ type: "sessions_cleared", at: now, detail }]);
    return writeEnds(transaction, ids, "reset", now);
  });
}

/**
 * Holds `SESSION_LIMIT_PER_USER` after `newest` was added: the sessions whose last use is longest
 * ago end. The caller's transaction holds the user's row, so parallel sign-ins count one by one.
 */
export async function endSurplus(
  transaction: Transaction,
  newest: { readonly id: string; readonly userId: number },
  now: Date,
): Promise<void> {
  const { SESSION_LIMIT_PER_USER: limit } = settings();
  if (limit === 0) return;
  const live = await lockSessionsOfUser(transaction, newest.userId, now);
  const older = live.filter(({ id }) => id !== newest.id);
  const surplus = older.slice(0, Math.max(older.length - (limit - 1), 0));
  await endAll(transaction, surplus, { reason: "limit" }, now);
}

/** Ends sessions that the transaction holds, with an event each. */
export async function endAll(
  transaction: Transaction,
  sessions: readonly { readonly id: string; readonly userId: number }[],
  end: Omit<End, "id">,
  now: Date,
): Promise<void> {
  const ids = sessions.map(({ id }) => id);
  await writeEnds(transaction, ids, end.reason, now);
  const happened = sessions.map(({ id, userId }) => endEvent({ ...end, id }, userId, now));
  await recordEvents(transaction, happened);
}

function endEvent(end: End, userId: number | null, now: Date): NewEvent {
  return {
    type: eventTypeOf(end.reason),
    at: now,
    userId,
    actorId: end.actorId ?? null,
    sessionId: end.id,
    device: end.device ?? null,
    detail: { reason: end.reason },
  };
}

function eventTypeOf(reason: EndReason): EventType {
  if (reason === "signed_out") return "sign_out";
  if (reason === "idle" || reason === "absolute") return "session_expired";
  return "session_revoked";
}

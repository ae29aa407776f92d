import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Account } from "@/lib/auth/closed-accounts";
import { isKnownTo, type KnownDevice } from "@/lib/auth/known-browser";
import type { Busy } from "@/lib/auth/password-threads";
import { type Right, throttled, WRONG, type Wrong } from "@/lib/auth/throttle";
import type { Counter, Throttled } from "@/lib/auth/throttle-counters";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import type { BrowserTrust } from "@/lib/factors/trusted-browsers";
import { metrics } from "@/lib/metrics";
import { isRefused } from "@/lib/refused";

/** Where a password was typed: the device as it says it is, and as its cookie proves it. */
export interface Client {
  readonly device: Device;
  readonly known: KnownDevice | null;
  /** What it holds of being trusted by accounts with a second factor; nothing if left out. */
  readonly trust?: readonly BrowserTrust[];
}

/** Whose password somebody gives. */
export interface TriedAccount extends Account {
  /** A browser's mark of being known that is older counts no more. */
  readonly knownBrowsersSince: Date | null;
}

/** A password that somebody gave. */
export interface PasswordTry {
  /** The identifier as it was typed; null where somebody signed in is asked again. */
  readonly typed: string | null;
  /** Null where the identifier is nobody's. */
  readonly account: TriedAccount | null;
  /** The session that asks again, where it is not a sign-in. */
  readonly sessionId?: string;
  /** Whether it is a code: the second step of a sign-in. */
  readonly isCode?: true;
  readonly client: Client;
}

/** What was given is wrong, and why: for the log alone. */
export interface WrongBecause extends Wrong {
  readonly cause: string;
}

export function wrongBecause(cause: string): WrongBecause {
  return { ...WRONG, cause };
}

/** How a password is to be verified. */
export interface HowToVerify {
  /** False: the same work, whatever the password, and the answer is no. */
  readonly isLookedAt: boolean;
  /** Whether its owner has signed in with this browser before: it goes ahead of strangers. */
  readonly isKnown: boolean;
}

/**
 * Verifies a password, unless there were too many wrong ones, and writes down each that is wrong or
 * comes too often. A wrong one is told at the floor of time, whatever the cause.
 */
export async function tryPassword<T>(
  attempt: PasswordTry,
  verify: (how: HowToVerify) => Promise<Right<T> | WrongBecause | Busy>,
  now: Date,
): Promise<Right<T> | Wrong | Throttled | Busy> {
  const { typed, account, client } = attempt;
  const isKnown = account !== null && isKnownTo(client.known, account, now);
  const knownDeviceId = isKnown ? (client.known?.id ?? null) : null;
  const result = await throttled(
    { typed, account, device: client.device, knownDeviceId },
    async (heldBack) => {
      const found = await verify({ isLookedAt: heldBack === null, isKnown });
      if (isRefused(found) && found.refused === "busy") return found;
      if (heldBack)
        await noteHeldBack(heldBack.counter, about(attempt, { answered: "wrong" }, now));
      if (heldBack) return WRONG;
      if (!isRefused(found)) return found;
      await noteWrong(attempt, found.cause, now);
      return WRONG;
    },
    now,
  );
  if (isRefused(result) && result.refused === "throttled")
    await noteHeldBack(result.counter, about(attempt, {}, now));
  return result;
}

async function noteWrong(attempt: PasswordTry, cause: string, now: Date): Promise<void> {
  const type = attempt.isCode ? "second_factor_failed" : "sign_in_failed";
  await recordEvents(db(), [{ type, ...about(attempt, { cause }, now) }]);
}

function about({ account, sessionId, client }: PasswordTry, what: object, at: Date) {
  const detail = sessionId ? { ...what, during: "reauthentication" } : { ...what };
  const { device } = client;
  return { at, userId: account?.id ?? null, sessionId: sessionId ?? null, device, detail };
}

const ONE_EVERY_MS = 60_000;
/** How long the tries that no event tells of yet are remembered for the next one. */
const KEPT_MS = 86_400_000;

/** A try that was not looked at, as the log keeps it but for its type. */
export type HeldBack = Omit<NewEvent, "type">;

/**
 * Notes a try that was not looked at: of one counter one event a minute, over all instances, with
 * the number of those since the last one (`suppressed`). Whoever goes on trying cannot fill the log.
 */
export async function noteHeldBack(counter: Counter, heldBack: HeldBack): Promise<void> {
  metrics().throttled.inc({ counter: counter.name });
  await inTransaction(async (transaction) => {
    const suppressed = await untold(transaction, `noted:${counter.key}`, heldBack.at);
    if (suppressed === null) return;
    const detail = {
      counter: counter.name,
      ...heldBack.detail,
      ...(suppressed > 0 ? { suppressed } : {}),
    };
    await recordEvents(transaction, [{ ...heldBack, type: "sign_in_throttled", detail }]);
  });
}

/** How many tries have passed without an event; null where this minute has its event. */
async function untold(transaction: Transaction, key: string, now: Date): Promise<number | null> {
  const expire = now.getTime() + ONE_EVERY_MS + KEPT_MS;
  await transaction
    .insert(throttle)
    .values({ key, points: 0, expire })
    .onDuplicateKeyUpdate({ set: { points: sql`${throttle.points} + 1` } });
  const isThis = eq(throttle.key, key);
  const [row] = await transaction.select().from(throttle).where(isThis);
  // Only a new row holds none.
  if (!row?.points) return 0;
  if ((row.expire ?? 0) - KEPT_MS > now.getTime()) return null;
  await transaction.update(throttle).set({ points: 0, expire }).where(isThis);
  return row.points - 1;
}

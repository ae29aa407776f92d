import "server-only";
import { createHmac } from "node:crypto";
import AsyncLock from "async-lock";
import { addressBlock } from "@/lib/account/address-block";
import { HashingBusy } from "@/lib/account/hashing-threads";
import { normalIdentifier } from "@/lib/account/identifier";
import { type Counters, counters, forget, giveBack, take } from "@/lib/account/throttle-counters";
import { settings } from "@/lib/env";

/** Too many tries that were not right: this one was not looked at. Answer 429. */
export class Throttled extends Error {
  override readonly name = "Throttled";

  constructor(
    /** Whole seconds after which the next try may be made. */
    readonly retryAfterSeconds: number,
    /** Which counter said no; for the log. */
    readonly counter: keyof Counters,
  ) {
    super(`too many tries (${counter}); the next one in ${retryAfterSeconds} s`);
  }
}

/** Somebody who tries a password. */
export interface Attempt {
  /** Whose password: `accountOf` and `typedAccount` name it. */
  readonly account: string;
  readonly ipAddress: string;
  /** The browser's, where this account's owner has signed in with it before. */
  readonly knownDeviceId: string | null;
}

/** The account of a user, by whatever identifier they sign in. */
export function accountOf(userId: number): string {
  return `user ${userId}`;
}

/** The account of an identifier that is nobody's. Keyed, since people type passwords there, too. */
export function typedAccount(identifier: string): string {
  const [secret = ""] = settings().SESSION_SECRET;
  const typed = normalIdentifier(identifier).toLowerCase();
  return createHmac("sha256", secret).update(`gatehouse throttle v1 ${typed}`).digest("hex");
}

/**
 * Checks a password unless there were too many wrong ones: by account and address, by address, and
 * by account. A browser that the owner has used before has a counter of its own, so that nobody
 * can shut them out (ASVS 6.1.1). The try is counted before the check and given back after a right
 * one: of many at once, exactly as many as are left reach the hash (ASVS 6.3.1). `check` gives null
 * for a wrong password; so does this. Throws Throttled and HashingBusy.
 */
export async function throttled<T>(
  attempt: Attempt,
  check: () => Promise<T | null>,
): Promise<T | null> {
  return inTurn(attempt, async () => {
    const taken = await takeEach(hurdlesOf(attempt));
    const result = await unlessItFails(check, taken);
    if (result !== null) await forgive(attempt, taken);
    return result;
  });
}

declare global {
  var gatehouseTurns: AsyncLock | undefined;
}

const MOST_IN_LINE = 100;

// One after another, so that many right ones at once, each counted while it is checked, do not
// throttle each other. On globalThis, since each bundle has a copy of this module.
async function inTurn<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  globalThis.gatehouseTurns ??= new AsyncLock({ maxPending: MOST_IN_LINE });
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return work();
  };
  try {
    return await globalThis.gatehouseTurns.acquire(pairKey(attempt), begin);
  } catch (error) {
    throw hasBegun ? error : new HashingBusy(`${MOST_IN_LINE} tries at one account wait`);
  }
}

/** One count of one key. */
interface Slot {
  readonly counter: keyof Counters;
  readonly key: string;
}

// Each must let the try through; of one with several slots, any that has a try left.
function hurdlesOf(attempt: Attempt): Slot[][] {
  const { account, knownDeviceId } = attempt;
  if (knownDeviceId) return [[{ counter: "device", key: `${account} ${knownDeviceId}` }]];
  return [
    [{ counter: "pair", key: pairKey(attempt) }],
    [{ counter: "address", key: addressBlock(attempt.ipAddress) }],
    accountSlots(attempt),
  ];
}

function accountSlots({ account }: Attempt): Slot[] {
  return [
    { counter: "ceiling", key: account },
    { counter: "slow", key: account },
  ];
}

function pairKey({ account, ipAddress }: Attempt): string {
  return `${account} ${addressBlock(ipAddress)}`;
}

async function takeEach(hurdles: readonly Slot[][]): Promise<Slot[]> {
  const taken: Slot[] = [];
  for (const slots of hurdles) taken.push(await takeAny(slots));
  return taken;
}

async function takeAny(slots: readonly Slot[]): Promise<Slot> {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (const slot of slots) {
    const waitMs = await take(counters()[slot.counter], slot.key);
    if (waitMs === null) return slot;
    shortestMs = Math.min(shortestMs, waitMs);
  }
  throw new Throttled(Math.max(Math.ceil(shortestMs / 1000), 1), slots[0]?.counter ?? "pair");
}

// What was never looked at, since too many waited or the database was away, was no try.
async function unlessItFails<T>(check: () => Promise<T>, taken: readonly Slot[]): Promise<T> {
  try {
    return await check();
  } catch (error) {
    for (const { counter, key } of taken)
      await giveBack(counters()[counter], key).catch(() => undefined);
    throw error;
  }
}

// A right one ends the row of failures; the address keeps what others did.
async function forgive(attempt: Attempt, taken: readonly Slot[]): Promise<void> {
  for (const { counter, key } of [...taken, ...accountSlots(attempt)])
    if (counter === "address") await giveBack(counters().address, key);
    else await forget(counters()[counter], key);
}

import "server-only";
import AsyncLock from "async-lock";
import {
  type Account,
  accountOf,
  namesOf,
  noteClosing,
  openAccount,
  typedAccount,
} from "@/lib/auth/closed-accounts";
import { KNOWN_BROWSER_SECONDS } from "@/lib/auth/known-browser";
import { BUSY, type Busy } from "@/lib/auth/password-threads";
import { beginRefusalFloor } from "@/lib/auth/refusal-floor";
import {
  type Counter,
  type Counters,
  giveBack,
  type Taken,
  type Throttled,
  takeTry,
} from "@/lib/auth/throttle-counters";
import { inTransaction } from "@/lib/db/transaction";
import { addressBlock, addressBlocks, type Device } from "@/lib/device";
import { settings } from "@/lib/env";
import { isRefused, type Refused } from "@/lib/refused";

/** What was given is right, and what was found by it. */
export interface Right<T> {
  readonly right: T;
  /** False where the account asks for more: the wrong tries before it stay counted. */
  readonly isEnough: boolean;
}

/** What was given proves nobody. Who is told so learns no cause. */
export type Wrong = Refused<"wrong">;
export const WRONG: Wrong = { refused: "wrong" };

/** Somebody who tries a password. */
export interface Attempt {
  /** The name as it was typed; null where somebody signed in is asked again. */
  readonly typed: string | null;
  /** Null where it is nobody's. */
  readonly account: Account | null;
  readonly device: Device;
  /** The browser's, where this account's owner has signed in with it before. */
  readonly knownDeviceId: string | null;
}

/** Looks at a password, or does only the same work where it must not be looked at. */
type Verify<T> = (heldBack: Throttled | null) => Promise<Right<T> | Wrong | Busy>;

/**
 * Verifies a password unless there were too many wrong ones. What a stranger is told follows from the
 * names as typed and the addresses alone, the same whether they are somebody's; what an account
 * bears, by all of its names together, is counted silently: past that, `verify` hears why it must
 * not look at the password, does the same work and says no (ASVS 6.3.8). A browser that the owner
 * has used before has counts of its own, so that nobody can shut them out (ASVS 6.1.1). A try is
 * counted before the comparison and given back after a right one: of many at once, exactly as many as
 * are left reach the hash (ASVS 6.3.1). What is wrong is told at the floor of time, never before.
 */
export async function throttled<T>(
  attempt: Attempt,
  verify: Verify<T>,
  now: Date,
): Promise<Right<T> | Wrong | Throttled | Busy> {
  return oneByOne(lineOf(attempt), async () => {
    const taken = await takeInTurn(attempt, now);
    if (isRefused(taken)) return taken;
    const compared = await unlessNotLookedAt(taken.counted, () => compare(taken, verify));
    if (isRefused(compared)) return compared;
    const { found, untilTheFloor } = compared;
    if (isRefused(found)) {
      // Before the floor: who is told no must not learn by the time that an account was closed.
      await noteIfClosed(attempt, taken, now);
      await untilTheFloor();
    } else if (found.isEnough) await resetCounters(attempt, taken.counted, now);
    else await inTransaction((transaction) => giveBack(transaction, taken.counted));
    return found;
  });
}

async function takeInTurn(attempt: Attempt, now: Date): Promise<Taken | Throttled | Busy> {
  const take = () => takeTry(countersOf(attempt), now);
  const isStranger = attempt.typed !== null && attempt.knownDeviceId === null;
  return isStranger ? oneByOne(STRANGERS, take) : take();
}

async function compare<T>({ heldBack }: Taken, verify: Verify<T>) {
  const untilTheFloor = await beginRefusalFloor();
  if (isRefused(untilTheFloor)) return untilTheFloor;
  const found = await verify(heldBack);
  return isRefused(found) && found.refused === "busy" ? found : { found, untilTheFloor };
}

async function noteIfClosed(attempt: Attempt, { heldBack, filled }: Taken, now: Date) {
  const isFull = [heldBack?.counter, ...filled].some((counter) => counter?.isRow);
  if (isFull && attempt.account) await noteClosing(attempt.account, attempt.device, now);
}

declare global {
  var gatehouseTurns: AsyncLock | undefined;
}

interface Line {
  readonly of: string;
  readonly most: number;
  /** How long one may wait in it; for ever if left out. */
  readonly waitMs?: number;
}

// They wait for the same rows: side by side, those at one account would hold every connection and
// keep everybody's pages waiting. With a statement's time limit the wait leaves room within the three
// seconds after which 503 is promised.
const STRANGERS: Line = { of: "strangers", most: 500, waitMs: 1000 };

// One after another, so that many right ones at once, each counted while it is compared, do not
// throttle each other. On globalThis, since each bundle has a copy of this module.
async function oneByOne<T>({ of, most, waitMs = 0 }: Line, work: () => Promise<T>) {
  globalThis.gatehouseTurns ??= new AsyncLock();
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return work();
  };
  try {
    const bounds = { maxPending: most, timeout: waitMs };
    return await globalThis.gatehouseTurns.acquire(of, begin, bounds);
  } catch (error) {
    if (hasBegun) throw error;
    // Too many wait for their turn, or this one has waited too long.
    return BUSY;
  }
}

const MOST_IN_LINE = 100;

// By what was typed, too: a line for the account would be full for one name after tries at another.
function lineOf({ typed, account, device, knownDeviceId }: Attempt): Line {
  const who = typed === null ? accountOf(account?.id ?? 0) : typedAccount(typed);
  const of = knownDeviceId
    ? `${account?.id} ${knownDeviceId}`
    : `${who} ${addressBlock(device.ipAddress)}`;
  return { of, most: MOST_IN_LINE };
}

const DAY_SECONDS = 86_400;
/** How long a name as typed stays counted after the last try at it, whoever's it is. */
const NAME_SECONDS = 30 * DAY_SECONDS;

function countersOf({ typed, account, device, knownDeviceId }: Attempt): Counters {
  if (account && knownDeviceId)
    return { open: deviceCounters(account.id, knownDeviceId), silent: [] };
  const networks = networkCounters(device.ipAddress);
  const own = account ? accountCounters(accountOf(account.id), device.ipAddress, null) : [];
  if (typed === null) return { open: [...networks, ...own], silent: [] };
  const named = accountCounters(typedAccount(typed), device.ipAddress, NAME_SECONDS);
  return { open: [...networks, ...named], silent: own };
}

function deviceCounters(userId: number, deviceId: string): Counter[] {
  const { THROTTLE_FAILURES, THROTTLE_SECONDS, THROTTLE_ACCOUNT_FAILURES } = settings();
  const of = `${accountOf(userId)} ${deviceId}`;
  return [
    { name: "device", key: `device:${of}`, limit: THROTTLE_FAILURES, seconds: THROTTLE_SECONDS },
    {
      name: "device",
      key: `device-row:${of}`,
      limit: THROTTLE_ACCOUNT_FAILURES,
      // The mark is over by then.
      seconds: KNOWN_BROWSER_SECONDS,
      isRow: true,
    },
  ];
}

/** A larger block may be that of more people: each next one has twice as many tries. */
function networkCounters(ipAddress: string): Counter[] {
  const { THROTTLE_ADDRESS_FAILURES: limit, THROTTLE_SECONDS: seconds } = settings();
  return addressBlocks(ipAddress).map((block, larger) => ({
    name: "address",
    key: `address:${block}`,
    limit: limit * 2 ** larger,
    seconds,
  }));
}

/** Of one account from one address, and in a row from all of them (NIST 800-63B: 100 at most). */
function accountCounters(of: string, ipAddress: string, rowSeconds: number | null): Counter[] {
  const { THROTTLE_FAILURES, THROTTLE_SECONDS, THROTTLE_ACCOUNT_FAILURES } = settings();
  return [
    {
      name: "pair",
      key: `pair:${of} ${addressBlock(ipAddress)}`,
      limit: THROTTLE_FAILURES,
      seconds: THROTTLE_SECONDS,
    },
    {
      name: "account",
      key: `account:${of}`,
      limit: THROTTLE_ACCOUNT_FAILURES,
      seconds: rowSeconds,
      isSliding: true,
      isRow: true,
    },
  ];
}

// What was never looked at, since too many waited or the database was away, was no try.
async function unlessNotLookedAt<T>(
  counted: readonly Counter[],
  look: () => Promise<T | Busy>,
): Promise<T | Busy> {
  let wasLookedAt = false;
  try {
    const looked = await look();
    wasLookedAt = !isRefused(looked);
    return looked;
  } finally {
    if (!wasLookedAt)
      await inTransaction((transaction) => giveBack(transaction, counted)).catch(() => undefined);
  }
}

const isOfNetwork = ({ name }: Counter) => name === "address";

// A right one ends the rows of failures; the address keeps what others did.
async function resetCounters(
  { account, device }: Attempt,
  counted: readonly Counter[],
  now: Date,
): Promise<void> {
  await inTransaction(async (transaction) => {
    await giveBack(transaction, counted.filter(isOfNetwork));
    if (!account) return;
    const ended = [...counted, ...pairsOf(account, device)].filter((each) => !isOfNetwork(each));
    const opening = { by: "sign_in", device, ended: ended.map(({ key }) => key) } as const;
    await openAccount(transaction, account, opening, now);
  });
}

function pairsOf(account: Account, { ipAddress }: Device): Counter[] {
  return namesOf(account)
    .flatMap((name) => accountCounters(name, ipAddress, null))
    .filter(({ name }) => name === "pair");
}

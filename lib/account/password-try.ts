import "server-only";
import { beginRefusalFloor } from "@/lib/account/refusal-floor";
import { Throttled, throttled } from "@/lib/account/throttle";
import { db } from "@/lib/db/connection";
import type { EventType } from "@/lib/db/schema";
import { recordEvents } from "@/lib/events/append";
import type { Device } from "@/lib/events/device";
import type { KnownDevice } from "@/lib/session/device-cookie";

/** Where a password was typed: the device as it says it is, and as its cookie proves it. */
export interface Client {
  readonly device: Device;
  readonly known: KnownDevice | null;
}

/** A password that somebody gave. */
export interface PasswordTry {
  /** What the throttle counts by: `accountOf` or `typedAccount`. */
  readonly account: string;
  /** Null where the account is nobody's. */
  readonly userId: number | null;
  /** The session that asks again, where it is not a sign-in. */
  readonly sessionId?: string;
  readonly client: Client;
}

/** What a check found: what fits, or why nothing does. */
export type Finding<T> = { readonly fits: T } | { readonly cause: string };

/**
 * Checks a password, unless there were too many wrong ones, and writes down each that is wrong or
 * comes too often. Null for a wrong one, whatever the cause: that is told at the floor of time.
 * Throws Throttled and HashingBusy.
 */
export async function tryPassword<T>(
  attempt: PasswordTry,
  check: () => Promise<Finding<T>>,
  now: Date,
): Promise<T | null> {
  const { account, userId, client } = attempt;
  const isTheirs = userId !== null && client.known?.userIds.includes(userId);
  const knownDeviceId = isTheirs ? (client.known?.id ?? null) : null;
  try {
    return await throttled(
      { account, ipAddress: client.device.ipAddress, knownDeviceId },
      async () => {
        const untilTheFloor = await beginRefusalFloor();
        const finding = await check();
        if ("fits" in finding) return finding.fits;
        await note("sign_in_failed", attempt, { cause: finding.cause }, now);
        await untilTheFloor();
        return null;
      },
    );
  } catch (error) {
    if (error instanceof Throttled)
      await note("sign_in_throttled", attempt, { counter: error.counter }, now);
    throw error;
  }
}

async function note(
  type: EventType,
  { userId, sessionId, client }: PasswordTry,
  what: Record<string, string>,
  at: Date,
): Promise<void> {
  const detail = sessionId ? { ...what, during: "reauthentication" } : what;
  const { device } = client;
  await recordEvents(db(), [{ type, at, userId, sessionId: sessionId ?? null, device, detail }]);
}

import "server-only";
import type { Account } from "@/lib/account/account-keys";
import { noteHeldBack } from "@/lib/account/held-back";
import { Throttled, throttled } from "@/lib/account/throttle";
import { db } from "@/lib/db/connection";
import { recordEvents } from "@/lib/events/append";
import type { Device } from "@/lib/events/device";
import { isKnownTo, type KnownDevice } from "@/lib/session/device-cookie";

/** Where a password was typed: the device as it says it is, and as its cookie proves it. */
export interface Client {
  readonly device: Device;
  readonly known: KnownDevice | null;
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
  readonly client: Client;
}

/** What a check found: what fits, or why nothing does. */
export type Finding<T> = { readonly fits: T } | { readonly cause: string };

/** How a password is to be checked. */
export interface HowToCheck {
  /** False: the same work, whatever the password, and the answer is no. */
  readonly isLookedAt: boolean;
  /** Whether its owner has signed in with this browser before: it goes ahead of strangers. */
  readonly isKnown: boolean;
}

/**
 * Checks a password, unless there were too many wrong ones, and writes down each that is wrong or
 * comes too often. Null for a wrong one, whatever the cause: that is told at the floor of time.
 * Throws Throttled and HashingBusy.
 */
export async function tryPassword<T>(
  attempt: PasswordTry,
  check: (how: HowToCheck) => Promise<Finding<T>>,
  now: Date,
): Promise<T | null> {
  const { typed, account, client } = attempt;
  const isKnown = account !== null && isKnownTo(client.known, account, now);
  const knownDeviceId = isKnown ? (client.known?.id ?? null) : null;
  try {
    return await throttled(
      { typed, account, device: client.device, knownDeviceId },
      async (heldBack) => {
        const finding = await check({ isLookedAt: heldBack === null, isKnown });
        if (!heldBack && "fits" in finding) return finding.fits;
        if (heldBack) await noteHeldBack(heldBack, about(attempt, { answered: "wrong" }, now));
        else if ("cause" in finding) await noteWrong(attempt, finding.cause, now);
        return null;
      },
      now,
    );
  } catch (error) {
    if (error instanceof Throttled) await noteHeldBack(error.refusal, about(attempt, {}, now));
    throw error;
  }
}

async function noteWrong(attempt: PasswordTry, cause: string, now: Date): Promise<void> {
  await recordEvents(db(), [{ type: "sign_in_failed", ...about(attempt, { cause }, now) }]);
}

function about({ account, sessionId, client }: PasswordTry, what: object, at: Date) {
  const detail = sessionId ? { ...what, during: "reauthentication" } : { ...what };
  const { device } = client;
  return { at, userId: account?.id ?? null, sessionId: sessionId ?? null, device, detail };
}

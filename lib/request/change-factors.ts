import "server-only";
import {
  addTotp,
  type FactorChange,
  type FactorThere,
  removeTotp,
  renewRecoveryCodes,
  type TotpSetUp,
  type WrongCode,
} from "@/lib/accounts/change-factors";
import {
  addPasskey,
  type MadePasskey,
  removePasskey,
  type TooManyPasskeys,
  type UnfitPasskey,
} from "@/lib/accounts/change-passkeys";
import type { Busy } from "@/lib/auth/password-threads";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import type { Current } from "@/lib/request/current";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { currentClient } from "@/lib/request/sign-in";

/** What is shown once after a change: recovery codes, where new ones were made. */
export interface FactorsChanged {
  readonly recoveryCodes: readonly string[];
}

/** Adds an authenticator app by its first code. Throws AuthorityLost. Only in actions. */
export async function addTotpHere(
  current: Current,
  { secret }: TotpSetUp,
  code: string,
): Promise<FactorsChanged | WrongCode | FactorThere> {
  const now = new Date();
  const owner = { ...current, client: await currentClient() };
  return handedOver(current, await addTotp(owner, { secret, code }, now), now);
}

/** Takes the authenticator app away by a code. Throws AuthorityLost. Only in actions. */
export async function removeTotpHere(
  current: Current,
  code: string,
): Promise<FactorsChanged | Wrong | Throttled | Busy> {
  const now = new Date();
  const owner = { ...current, client: await currentClient() };
  return handedOver(current, await removeTotp(owner, code, now), now);
}

/** Makes new recovery codes by a code. Throws AuthorityLost. Only in actions. */
export async function renewRecoveryCodesHere(
  current: Current,
  code: string,
): Promise<FactorsChanged | Wrong | Throttled | Busy> {
  const now = new Date();
  const owner = { ...current, client: await currentClient() };
  return handedOver(current, await renewRecoveryCodes(owner, code, now), now);
}

/** Adds a passkey that this browser has made. Throws AuthorityLost. Only in actions. */
export async function addPasskeyHere(
  current: Current,
  passkey: MadePasskey,
): Promise<FactorsChanged | UnfitPasskey | TooManyPasskeys> {
  const now = new Date();
  const owner = { ...current, client: await currentClient() };
  return handedOver(current, await addPasskey(owner, passkey, now), now);
}

/** Takes a passkey away; whether it was there. Throws AuthorityLost. Only in actions. */
export async function removePasskeyHere(current: Current, id: string): Promise<boolean> {
  const now = new Date();
  const removed = await removePasskey({ ...current, client: await currentClient() }, id, now);
  if (removed) await handedOver(current, removed, now);
  return removed !== null;
}

// Every change brings the session a new secret, which belongs to this browser alone.
async function handedOver<No extends { readonly refused: string }>(
  { session }: Current,
  changed: FactorChange | No,
  now: Date,
): Promise<FactorsChanged | No> {
  if ("refused" in changed) return changed;
  const { token, recoveryCodes } = changed;
  await setSessionCookie({ session, token }, now);
  return { recoveryCodes };
}

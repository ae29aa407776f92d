import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { proveByPasskey } from "@/lib/auth/methods";
import type { Wrong } from "@/lib/auth/throttle";
import { settings } from "@/lib/env";
import { PasskeyAssertion } from "@/lib/factors/passkey-json";
import { assertionOptions, CHALLENGE_SECONDS } from "@/lib/factors/passkeys";
import { isRefused } from "@/lib/refused";
import { DEFAULT_RETURN_TO } from "@/lib/request/return-to";
import { forgetStep, keptStep } from "@/lib/request/second-step";
import { currentClient, type Entered, enter } from "@/lib/request/sign-in";
import { seal, unseal } from "@/lib/seal";
import { cookieAttributes, prefixed } from "@/lib/session/cookie";
import type { Session } from "@/lib/session/session";

/** What `POST /api/session/passkey` takes: nothing, for a challenge; then what a passkey has signed. */
export const PasskeyInput = z.strictObject({ response: PasskeyAssertion.exactOptional() });

interface Payload {
  readonly c: string;
  /** The session that it is for; empty where there is none yet. */
  readonly i: string;
  /** The last moment, in milliseconds since 1970. */
  readonly x: number;
}

const FOR_SIGN_IN = { id: "" };

/** A challenge for one session alone, for five minutes, as a form brings it back. */
export async function sealChallenge(
  challenge: string,
  { id }: Pick<Session, "id">,
  now: Date,
): Promise<string> {
  const payload: Payload = { c: challenge, i: id, x: now.getTime() + CHALLENGE_SECONDS * 1000 };
  return seal("passkey", payload, CHALLENGE_SECONDS);
}

/** The challenge that was sealed for this session; null where it is none of its, or too old. */
export async function openChallenge(
  sealed: string,
  { id }: Pick<Session, "id">,
  now: Date,
): Promise<string | null> {
  const { c, i, x } = (await unseal<Payload>("passkey", sealed)) ?? {};
  return c && i === id && x && now.getTime() <= x ? c : null;
}

/** What a script put into a field of a form as JSON; null where it does not fit. */
export function fromField<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function challengeCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-passkey`);
}

/** Begins a sign-in by passkey: what the browser is to sign, kept for five minutes. Only in handlers. */
export async function beginPasskeySignIn(now: Date) {
  const options = await assertionOptions();
  const sealed = await sealChallenge(options.challenge, FOR_SIGN_IN, now);
  (await cookies()).set(challengeCookieName(), sealed, cookieAttributes(CHALLENGE_SECONDS));
  return options;
}

/**
 * Signs in by what a passkey has signed: both factors at once, with or without a password before. Throws
 * DatabaseUnavailable. Only in handlers.
 */
export async function signInByPasskey(
  assertion: PasskeyAssertion,
  now: Date,
): Promise<Entered | Wrong> {
  const jar = await cookies();
  const sealed = jar.get(challengeCookieName())?.value ?? "";
  const challenge = (await openChallenge(sealed, FOR_SIGN_IN, now)) ?? "";
  jar.set(challengeCookieName(), "", cookieAttributes(0));
  const begun = await keptStep(now);
  const client = await currentClient();
  const signed = { assertion, challenge };
  const proven = await proveByPasskey(signed, begun?.step ?? null, client, now);
  if (isRefused(proven)) return proven;
  const isBegun = begun?.step.userId === proven.user.id;
  const current = await enter(proven, { client, persistent: isBegun && begun.persistent });
  await forgetStep();
  if (isRefused(current)) return current;
  return { current, returnTo: isBegun ? begun.returnTo : DEFAULT_RETURN_TO };
}

import "server-only";
import { cookies, headers } from "next/headers";
import { z } from "zod";
import { proveByDjango } from "@/lib/auth/adoption";
import {
  deviceCookieMaxAge,
  deviceCookieName,
  type KnownDevice,
  openDevice,
  sealDevice,
} from "@/lib/auth/known-browser";
import {
  type EmailNotVerified,
  type MoreNeeded,
  type Proven,
  proveByCode,
  proveByName,
  STEP_OVER,
  type StepOver,
} from "@/lib/auth/methods";
import type { Client } from "@/lib/auth/password-attempt";
import type { Busy } from "@/lib/auth/password-threads";
import { WRONG, type Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { isRefused } from "@/lib/refused";
import { askAboutNewDevice } from "@/lib/request/asked-device";
import { currentTrust, trustThisBrowser } from "@/lib/request/browser-trust";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { DEFAULT_RETURN_TO } from "@/lib/request/return-to";
import { forgetStep, keepStep, keptStep } from "@/lib/request/second-step";
import { presentedLiveIds, setDjangoCookie, setSessionCookie } from "@/lib/request/session-cookie";
import { cookieAttributes } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { BroughtSecret } from "@/lib/session/token";

const LONGEST_FIELD = 1024;

/** What a sign-in gives; any other field is refused. A password is taken exactly as typed. */
export const SignInInput = z.strictObject({
  identifier: z.string().min(1, "Give a user name or an email.").max(LONGEST_FIELD),
  password: z.string().min(1, "Give a password.").max(LONGEST_FIELD),
  remember: z.boolean().default(false),
});

/**
 * Verifies the credentials and signs in; where the account has a second factor, the browser is given
 * five minutes for it instead, and `returnTo` is where the sign-in then leads. Throws
 * DatabaseUnavailable. Only in actions and route handlers.
 */
export async function signIn(
  input: z.output<typeof SignInInput>,
  returnTo: string = DEFAULT_RETURN_TO,
): Promise<Current | MoreNeeded | EmailNotVerified | Wrong | Throttled | Busy> {
  const client = await currentClient();
  const { identifier, password, remember: persistent } = input;
  const given = { identifier, method: "password", password } as const;
  const proven = await proveByName(given, client, new Date());
  if (!isRefused(proven)) return enter(proven, { client, persistent });
  if (proven.refused === "more_needed")
    await keepStep({ step: proven.step, persistent, returnTo }, new Date());
  return proven;
}

/** What the second step of a sign-in gives. */
export const SecondStepInput = z.strictObject({
  code: z.string().trim().min(1, "Give a code.").max(LONGEST_FIELD),
  /** Whether this browser is not to be asked again for 30 days. */
  trust: z.boolean().default(false),
});

/** Somebody who is signed in by both steps, and where the first one was to lead. */
export interface Entered {
  readonly current: Current;
  readonly returnTo: string;
}

/**
 * Takes the code of somebody whose password was right in this browser, and signs in. Throws
 * DatabaseUnavailable. Only in actions and route handlers.
 */
export async function signInByCode({
  code,
  trust,
}: z.output<typeof SecondStepInput>): Promise<Entered | StepOver | Wrong | Throttled | Busy> {
  const begun = await keptStep(new Date());
  if (!begun) return STEP_OVER;
  const { step, persistent, returnTo } = begun;
  const client = await currentClient();
  const proven = await proveByCode(step, code, client, new Date());
  if (isRefused(proven)) {
    if (proven.refused === "step_over") await forgetStep();
    return proven;
  }
  const current = await enter(proven, { client, persistent });
  await forgetStep();
  if (isRefused(current)) return STEP_OVER;
  if (trust) await trustThisBrowser(current.user.id, client.device, new Date());
  return { current, returnTo };
}

/** How somebody comes in. */
interface Entering {
  readonly client: Client;
  readonly persistent: boolean;
}

/**
 * Takes over a session at Django: its user is signed in here, or the browser has five minutes for their
 * second factor, after which the sign-in leads to `returnTo`. Wrong where the key is worth nothing, or
 * was taken over before. Throws DatabaseUnavailable. Only in route handlers.
 */
export async function adoptSession(
  key: string,
  returnTo: string,
): Promise<Current | MoreNeeded | Wrong> {
  const client = await currentClient();
  const proven = await proveByDjango(key, client, new Date());
  if (!proven) return WRONG;
  if (!isRefused(proven)) return enter(proven, { client, persistent: true });
  await keepStep({ step: proven.step, persistent: true, returnTo }, new Date());
  return proven;
}

/**
 * The one way in: ends whatever session the browser presented, starts a new one and hands over its
 * cookie.
 */
export async function enter(
  proven: Proven,
  { client, persistent }: Entering,
): Promise<Current | Wrong> {
  const { user } = proven;
  const now = new Date();
  const replaced = await presentedLiveIds(now);
  const signIn = { ...proven, persistent, device: client.device, replaced };
  const started = await startSession(signIn, now);
  // Overtaken: to the person it looks like any credentials that do not fit.
  if (isRefused(started)) return WRONG;
  await setSessionCookie(started, now);
  if (started.djangoKey) await setDjangoCookie(started.djangoKey, started.session, now);
  await rememberDevice(client.known, user.id, now);
  const { session, token } = started;
  await askAboutNewDevice(session, client.known);
  return { session, user, token: "present", brought: new BroughtSecret(token.secret) };
}

/** The device that a request comes from, with what its cookie proves: where a password is given. */
export async function currentClient(): Promise<Client> {
  const known = await openDevice((await headers()).get("cookie"));
  return { device: await currentDevice(), known, trust: await currentTrust() };
}

/**
 * Notes in the browser that this user has signed in in it: nobody elsewhere can shut them out
 * here (ASVS 6.1.1). It outlives a sign-out and opens nothing. Only in actions and route handlers.
 */
export async function rememberDevice(
  known: KnownDevice | null,
  userId: number,
  now: Date,
): Promise<void> {
  const value = await sealDevice(known, userId, now);
  (await cookies()).set(deviceCookieName(), value, cookieAttributes(deviceCookieMaxAge()));
}

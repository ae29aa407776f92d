import "server-only";
import { cookies } from "next/headers";
import type { PassedStep } from "@/lib/auth/methods";
import type { DjangoRow } from "@/lib/db/django-row";
import { settings } from "@/lib/env";
import { DEFAULT_RETURN_TO, safeReturnTo } from "@/lib/request/return-to";
import { seal, unseal } from "@/lib/seal";
import { cookieAttributes, prefixed } from "@/lib/session/cookie";

/** How long somebody whose password was right has for the code. */
const STEP_SECONDS = 300;

/** Where the code is asked for. */
export const SECOND_STEP_PATH = "/sign-in/second-factor";

/** A sign-in between its two steps: the first one, and what it asked for. */
export interface BegunSignIn {
  readonly step: PassedStep;
  readonly persistent: boolean;
  readonly returnTo: string;
}

interface Payload {
  readonly u: number;
  readonly t: "username" | "email";
  readonly p: string;
  readonly f: number;
  readonly n: boolean;
  readonly m: boolean;
  readonly r: string;
  /** Of a session at Django that was the first step: its key, whose it is, the print, its end. */
  readonly d?: readonly [key: string, userId: string, print: string, expiresAt: number];
  /** The last moment, in milliseconds since 1970. */
  readonly x: number;
}

function stepCookieName(): string {
  return prefixed(`${settings().SESSION_COOKIE_NAME}-step`);
}

// What is longer leads to the start: a cookie holds 4,096 bytes.
const LONGEST_RETURN_TO = 1024;

/**
 * Has the browser keep a first step for five minutes. There is no row of it and no session: its seal is
 * for this purpose alone and opens nothing else (ASVS 7.2.1). Only in actions and route handlers.
 */
export async function keepStep({ step, persistent, returnTo }: BegunSignIn, now: Date) {
  const { adopted } = step;
  const payload: Payload = {
    u: step.userId,
    t: step.typed,
    p: step.passwordPrint,
    f: step.factorsChangedAt.getTime(),
    n: step.isNewBrowser,
    m: persistent,
    r: returnTo.length > LONGEST_RETURN_TO ? DEFAULT_RETURN_TO : returnTo,
    x: now.getTime() + STEP_SECONDS * 1000,
    ...(adopted && {
      d: [adopted.key, adopted.userId, adopted.passwordPrint, adopted.expiresAt.getTime()],
    }),
  };
  const value = await seal("step", payload, STEP_SECONDS);
  (await cookies()).set(stepCookieName(), value, cookieAttributes(STEP_SECONDS));
}

/** The first step that this browser has passed; null where there is none, or it was too long ago. */
export async function keptStep(now: Date): Promise<BegunSignIn | null> {
  const value = (await cookies()).get(stepCookieName())?.value;
  const payload = value ? await unseal<Payload>("step", value) : null;
  const { u: userId, t, p: passwordPrint, f, n, m, r, x, d } = payload ?? {};
  if (!userId || !passwordPrint || !f || !x || now.getTime() > x) return null;
  const typed = t === "email" ? "email" : "username";
  const step = { userId, typed, passwordPrint, isNewBrowser: n === true } as const;
  return {
    step: { ...step, factorsChangedAt: new Date(f), ...(d && { adopted: rowOf(d) }) },
    persistent: m === true,
    returnTo: safeReturnTo(r),
  };
}

function rowOf([key, userId, passwordPrint, expiresAt]: NonNullable<Payload["d"]>): DjangoRow {
  return { key, userId, passwordPrint, expiresAt: new Date(expiresAt) };
}

/** The step is taken, or over. Only in actions and route handlers. */
export async function forgetStep(): Promise<void> {
  const jar = await cookies();
  if (jar.has(stepCookieName())) jar.set(stepCookieName(), "", cookieAttributes(0));
}

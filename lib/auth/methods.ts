import "server-only";
import { isKnownTo } from "@/lib/auth/known-browser";
import { printOf, proveByPassword, type Stored, upgradeHash } from "@/lib/auth/password";
import {
  type Client,
  type HowToVerify,
  tryPassword,
  type WrongBecause,
  wrongBecause,
} from "@/lib/auth/password-attempt";
import type { Busy } from "@/lib/auth/password-threads";
import { type Right, WRONG, type Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import type { DjangoRow } from "@/lib/db/django-row";
import type { Method } from "@/lib/db/method-list";
import { carryOutDueReset, spendCode } from "@/lib/factors/factors";
import { type SignedChallenge, spendPasskey } from "@/lib/factors/passkeys";
import { isTrusted } from "@/lib/factors/trusted-browsers";
import { isRefused, type Refused } from "@/lib/refused";
import type { Actor } from "@/lib/session/authority";
import type { Session } from "@/lib/session/session";
import { NOBODYS_PASSWORD, normalIdentifier, type User } from "@/lib/users/user";
import { findByIdentifier, findWithCredentials } from "@/lib/users/users";

/** A password as somebody gives it. */
export interface GivenPassword {
  readonly method: "password";
  readonly password: string;
}

/** What a passkey of somebody's has signed. */
export interface GivenPasskey extends SignedChallenge {
  readonly method: "passkey";
}

/** What somebody gives to prove who they are: a code is their authenticator app's, or a recovery code. */
export type Given =
  | GivenPassword
  | GivenPasskey
  | { readonly method: "code"; readonly code: string };

/** Somebody who has proved who they are. */
export interface Proven {
  readonly user: User;
  readonly methods: readonly Method[];
  /** The hash of their password that is in their row; where it has changed, this counts no more. */
  readonly passwordHash: string;
  /** Whether their account does not know the browser. */
  readonly isNewBrowser?: boolean;
  /** The session at Django that the one here takes over. */
  readonly adopted?: DjangoRow;
}

/** What was given is right, and nobody has confirmed the address of the account yet. */
export type EmailNotVerified = Refused<"email_not_verified">;
const EMAIL_NOT_VERIFIED: EmailNotVerified = { refused: "email_not_verified" };

/** The first step of a sign-in, as the second one needs it. */
export interface PassedStep {
  readonly userId: number;
  /** Which name was typed: wrong codes are counted where wrong passwords are. */
  readonly typed: "username" | "email";
  /** SHA-256 of the password's hash: where that has changed, the step counts no more. */
  readonly passwordPrint: string;
  readonly factorsChangedAt: Date;
  readonly isNewBrowser: boolean;
  /** The session at Django that was the first step, where no password was. */
  readonly adopted?: DjangoRow;
}

/** What was given is right and not enough: nobody is signed in before a code is given, too. */
export interface MoreNeeded extends Refused<"more_needed"> {
  readonly step: PassedStep;
}

/** The first step counts no more: it was too long ago, or the account has changed since. */
export type StepOver = Refused<"step_over">;
export const STEP_OVER: StepOver = { refused: "step_over" };

/**
 * Whom an identifier (a user name or an e-mail) and what was given prove. Unknown, wrong, run out and
 * disabled cost the same work and look the same (ASVS 6.3.8); the log alone tells them apart. Where
 * the account has a second factor, nobody is proved by this alone, unless it trusts the browser.
 */
export async function proveByName(
  { identifier, ...given }: GivenPassword & { readonly identifier: string },
  client: Client,
  now: Date,
): Promise<Proven | MoreNeeded | EmailNotVerified | Wrong | Throttled | Busy> {
  const found = await findByIdentifier(identifier);
  const account = found && { ...found.user, knownBrowsersSince: found.knownBrowsersSince };
  let isWithoutCode = false;
  const verify = async (how: HowToVerify) => {
    const verified = await proveByPassword(found, given.password, how, now);
    if (isRefused(verified)) return verified;
    const right = await withoutDueFactors(verified.right, client, now);
    isWithoutCode = await needsNoCode(right.user, client, now);
    return { right, isEnough: right.user.emailVerifiedAt !== null && isWithoutCode };
  };
  const result = await tryPassword({ typed: identifier, account, client }, verify, now);
  if (isRefused(result)) return result;
  const { user } = result.right;
  if (!user.emailVerifiedAt) return EMAIL_NOT_VERIFIED;
  const passwordHash = await upgradeHash(result.right, given.password);
  const isNewBrowser = account !== null && !isKnownTo(client.known, account, now);
  const proven = { user, methods: [given.method], passwordHash, isNewBrowser };
  const { factorsChangedAt } = user;
  if (isWithoutCode || !factorsChangedAt) return proven;
  const isName = normalIdentifier(identifier).toLowerCase() === user.username.toLowerCase();
  const step = {
    userId: user.id,
    typed: isName ? "username" : "email",
    passwordPrint: printOf(passwordHash),
    factorsChangedAt,
    isNewBrowser,
  } as const;
  return { refused: "more_needed", step };
}

/**
 * Whom a code proves whose password was right a moment ago: it is judged anew whether that still
 * stands. Wrong ones are counted with wrong passwords. Of many at once one succeeds.
 */
export async function proveByCode(
  step: PassedStep,
  code: string,
  client: Client,
  now: Date,
): Promise<Proven | StepOver | Wrong | Throttled | Busy> {
  const found = await findWithCredentials(step.userId);
  if (!found || !stillStands(step, found)) return STEP_OVER;
  const { user, passwordHash, knownBrowsersSince } = found;
  const attempt = {
    typed: user[step.typed],
    account: { ...user, knownBrowsersSince },
    client,
    isCode: true,
  } as const;
  const given = { method: "code", code } as const;
  const verify = (how: HowToVerify) => verifyGiven(found, given, { ...how, client }, now);
  const result = await tryPassword(attempt, verify, now);
  if (isRefused(result)) return result;
  return { user, passwordHash, ...afterFirst(step, result.right) };
}

/**
 * Whose passkey has signed a challenge: both factors at once, as its owner was verified by it, so that
 * nothing more is asked for. `step` is the first step that this browser has passed, if any.
 */
export async function proveByPasskey(
  { assertion, challenge }: SignedChallenge,
  step: PassedStep | null,
  client: Client,
  now: Date,
): Promise<Proven | Wrong> {
  const userId = await spendPasskey({ assertion, challenge }, client.device, now);
  const found = userId === null ? null : await findWithCredentials(userId);
  if (found?.user.status !== "active" || !found.user.emailVerifiedAt) return WRONG;
  const { user, passwordHash, knownBrowsersSince } = found;
  // Somebody else was in: until the owner has set a password by the mailed link, nothing opens.
  if (passwordHash.startsWith(NOBODYS_PASSWORD)) return WRONG;
  const isNewBrowser = !isKnownTo(client.known, { id: user.id, knownBrowsersSince }, now);
  if (step?.userId === user.id && stillStands(step, found))
    return { user, passwordHash, ...afterFirst(step, "passkey") };
  return { user, methods: ["passkey"], passwordHash, isNewBrowser };
}

// A browser that was signed in at Django is no stranger's.
function afterFirst({ isNewBrowser, adopted }: PassedStep, second: Method) {
  return adopted
    ? { methods: ["django", second] as const, adopted }
    : { methods: ["password", second] as const, isNewBrowser };
}

/** Whether what the first step found is as it was: an active user, the same password and factors. */
function stillStands(step: PassedStep, { user, passwordHash }: Stored): boolean {
  const areSameFactors = user.factorsChangedAt?.getTime() === step.factorsChangedAt.getTime();
  const isSamePassword = printOf(passwordHash) === step.passwordPrint;
  return user.status === "active" && areSameFactors && isSamePassword;
}

/** Somebody signed in who gives something to prove once more that it is them. */
export interface Proof extends Actor {
  readonly session: Session;
  readonly user: User;
  readonly given: Given;
  readonly client: Client;
}

/**
 * Whether a proof is that of who is signed in. Tries count like those of the sign-in page: whoever
 * holds a stolen session guesses no faster.
 */
export async function proveAgain(
  { user, session, given, client }: Proof,
  now: Date,
): Promise<Proven | Wrong | Throttled | Busy> {
  const found = await findWithCredentials(user.id);
  const account = { ...user, knownBrowsersSince: found?.knownBrowsersSince ?? null };
  const isCode = given.method === "password" ? {} : ({ isCode: true } as const);
  const attempt = { typed: null, account, sessionId: session.id, client, ...isCode };
  const how = { isLookedAt: true, isKnown: true, client };
  const result = await tryPassword(attempt, () => verifyGiven(found, given, how, now), now);
  if (isRefused(result)) return result;
  return { user, methods: [result.right], passwordHash: found?.passwordHash ?? "" };
}

async function verifyGiven(
  found: Stored | null,
  given: Given,
  how: HowToVerify & { readonly client: Client },
  now: Date,
): Promise<Right<Method> | WrongBecause | Busy> {
  switch (given.method) {
    case "password": {
      const verified = await proveByPassword(found, given.password, how, now);
      return isRefused(verified) ? verified : { ...verified, right: "password" };
    }
    case "code": {
      const { device } = how.client;
      const isLookedAt = found && how.isLookedAt;
      const method = isLookedAt
        ? await spendCode({ ...found, code: given.code, device }, now)
        : null;
      return method ? { right: method, isEnough: true } : wrongBecause("wrong_code");
    }
    case "passkey": {
      const userId = await spendPasskey(given, how.client.device, now);
      const isTheirs = userId !== null && userId === found?.user.id;
      return isTheirs ? { right: "passkey", isEnough: true } : wrongBecause("wrong_code");
    }
  }
}

async function needsNoCode(
  { id, factorsChangedAt }: User,
  { trust = [], device }: Client,
  now: Date,
) {
  return factorsChangedAt === null || isTrusted(id, trust, device, now);
}

// An administrator may have decided a day ago that the factors go: the first right password does it.
async function withoutDueFactors(stored: Stored, { device }: Client, now: Date): Promise<Stored> {
  const { user } = stored;
  if (!user.factorsChangedAt || !(await carryOutDueReset(user, device, now))) return stored;
  return { ...stored, user: { ...user, factorsChangedAt: null } };
}

import "server-only";
import { isKnownTo } from "@/lib/auth/known-browser";
import { proveByPassword, type Stored, upgradeHash } from "@/lib/auth/password";
import { type Client, type HowToVerify, tryPassword } from "@/lib/auth/password-attempt";
import type { Busy } from "@/lib/auth/password-threads";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import type { Method } from "@/lib/db/schema";
import { isRefused, type Refused } from "@/lib/refused";
import type { Actor } from "@/lib/session/authority";
import type { Session } from "@/lib/session/session";
import type { User } from "@/lib/users/user";
import { findByIdentifier, findCredentials } from "@/lib/users/users";

/** What somebody gives to prove who they are, and by which of the ways there are. */
export interface Given {
  readonly method: "password";
  readonly password: string;
}

/** Somebody who has proved who they are. */
export interface Proven {
  readonly user: User;
  readonly methods: readonly Method[];
  /** The hash of their password that is in their row; where it has changed, this counts no more. */
  readonly passwordHash: string;
  /** Whether their account does not know the browser. */
  readonly isNewBrowser?: boolean;
}

/** What was given is right, and nobody has confirmed the address of the account yet. */
export type EmailNotVerified = Refused<"email_not_verified">;
const EMAIL_NOT_VERIFIED: EmailNotVerified = { refused: "email_not_verified" };

/** What an account may ask for once what was given first is right. */
export interface FurtherStep {
  isAskedOf(user: User): Promise<boolean>;
  /** The path of the page that takes it. */
  readonly page: string;
}

/** What was given is right and not enough: nobody is signed in before that page's step is right, too. */
export interface MoreNeeded extends Refused<"more_needed"> {
  readonly page: string;
}

const FURTHER_STEPS: readonly FurtherStep[] = [];

/**
 * Whom an identifier (a user name or an e-mail) and what was given prove. Unknown, wrong, run out and
 * disabled cost the same work and look the same (ASVS 6.3.8); the log alone tells them apart.
 */
export async function proveByName(
  { identifier, ...given }: Given & { readonly identifier: string },
  client: Client,
  now: Date,
  further: readonly FurtherStep[] = FURTHER_STEPS,
): Promise<Proven | MoreNeeded | EmailNotVerified | Wrong | Throttled | Busy> {
  const found = await findByIdentifier(identifier);
  const account = found && { ...found.user, knownBrowsersSince: found.knownBrowsersSince };
  const verify = async (how: HowToVerify) => {
    const verified = await verifyGiven(found, given, how, now);
    if (isRefused(verified)) return verified;
    const missing = await missingStep(verified.right.user, further);
    return { right: missing ?? verified.right, isEnough: missing === null };
  };
  const result = await tryPassword({ typed: identifier, account, client }, verify, now);
  if (isRefused(result)) return result;
  if (isRefused(result.right)) return result.right;
  const passwordHash = await upgradeHash(result.right, given.password);
  const isNewBrowser = account !== null && !isKnownTo(client.known, account, now);
  return { user: result.right.user, methods: [given.method], passwordHash, isNewBrowser };
}

/** What somebody signed in gives to prove once more that it is them. */
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
  const stored = await findCredentials(user.id);
  const account = { ...user, knownBrowsersSince: stored?.knownBrowsersSince ?? null };
  const found = { user, passwordHash: stored?.passwordHash ?? "" };
  const attempt = { typed: null, account, sessionId: session.id, client };
  const verify = () => verifyGiven(found, given, { isLookedAt: true, isKnown: true }, now);
  const result = await tryPassword(attempt, verify, now);
  return isRefused(result) ? result : { ...result.right, methods: [given.method] };
}

function verifyGiven(found: Stored | null, given: Given, how: HowToVerify, now: Date) {
  switch (given.method) {
    case "password":
      return proveByPassword(found, given.password, how, now);
  }
}

async function missingStep(
  user: User,
  further: readonly FurtherStep[],
): Promise<MoreNeeded | EmailNotVerified | null> {
  if (!user.emailVerifiedAt) return EMAIL_NOT_VERIFIED;
  for (const { isAskedOf, page } of further)
    if (await isAskedOf(user)) return { refused: "more_needed", page };
  return null;
}

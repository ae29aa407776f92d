import "server-only";
import { createHash } from "node:crypto";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { and, asc, eq, lt } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { db } from "@/lib/db/connection";
import { duplicateKeyOf } from "@/lib/db/errors";
import { passkeys } from "@/lib/db/factors-schema";
import { type Executor, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import { recordEvents } from "@/lib/events/record";
import type { NewPasskey, PasskeyAssertion } from "@/lib/factors/passkey-json";
import { log } from "@/lib/log";
import { spendOnce } from "@/lib/mail/one-time-tokens";
import { siteName } from "@/lib/site-name";
import type { User } from "@/lib/users/user";

/** A passkey as its owner sees it. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** The model of what made it (AAGUID); zeros where that is kept secret. */
  readonly aaguid: string;
  /** Whether it is kept beyond one device. */
  readonly isBackedUp: boolean;
}

/** How many an account may have. */
export const MOST_PASSKEYS = 20;
/** How long a challenge is good. */
export const CHALLENGE_SECONDS = 300;

// Never what a request says of itself: a page elsewhere must not get a signature that is good here.
function site() {
  const { hostname, origin } = settings().APP_URL;
  return { rpID: hostname, origin };
}

/** A user's handle in an authenticator: their id, which says nothing of them. */
const handleOf = (userId: number) => new TextEncoder().encode(String(userId));

/** What a browser makes a passkey by: one that is found without a name, and that knows its owner. */
export async function registrationOptions(user: Pick<User, "id" | "username" | "name">) {
  const known = await db()
    .select({ id: passkeys.credentialId })
    .from(passkeys)
    .where(eq(passkeys.userId, user.id));
  return generateRegistrationOptions({
    rpName: siteName(),
    rpID: site().rpID,
    userID: handleOf(user.id),
    userName: user.username,
    userDisplayName: user.name || user.username,
    attestationType: "none",
    excludeCredentials: known,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/** What a browser asks a passkey to sign: any of this site's, or one of this user's. */
export async function assertionOptions() {
  return generateAuthenticationOptions({ rpID: site().rpID, userVerification: "required" });
}

/** Reads what a browser has made; null where it is for another site, another challenge, or unverified. */
export async function verifyNewPasskey(made: NewPasskey, challenge: string) {
  const { rpID, origin } = site();
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...made, response: { ...made.response, transports: [] } },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
    });
    return registrationInfo ?? null;
  } catch (error) {
    log().info({ err: error }, "a new passkey was refused");
    return null;
  }
}

type Verified = NonNullable<Awaited<ReturnType<typeof verifyNewPasskey>>>;

/** Keeps a passkey; false where somebody has it already. */
export async function insertPasskey(
  transaction: Transaction,
  { userId, name, transports }: { userId: number; name: string; transports: string[] },
  { credential, ...made }: Verified,
  now: Date,
): Promise<boolean> {
  try {
    await transaction.insert(passkeys).values({
      id: uuidv7({ msecs: now.getTime() }),
      userId,
      credentialHash: hashOf(credential.id),
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString("base64url"),
      counter: credential.counter,
      transports,
      isBackedUp: made.credentialBackedUp,
      aaguid: made.aaguid,
      name,
      createdAt: now,
    });
    return true;
  } catch (error) {
    if (duplicateKeyOf(error) === null) throw error;
    return false;
  }
}

const { id, name, createdAt, lastUsedAt, aaguid, isBackedUp } = passkeys;
const SHOWN = { id, name, createdAt, lastUsedAt, aaguid, isBackedUp };

/** A user's passkeys, in the order in which they were added. */
export async function listPasskeys(
  userId: number,
  executor: Executor = db(),
): Promise<readonly Passkey[]> {
  return executor
    .select(SHOWN)
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.id));
}

/** Names one of a user's passkeys; whether it is theirs. */
export async function writePasskeyName(
  transaction: Transaction,
  userId: number,
  { id: passkeyId, name: wanted }: Pick<Passkey, "id" | "name">,
): Promise<boolean> {
  const isIt = and(eq(passkeys.id, passkeyId), eq(passkeys.userId, userId));
  const [named] = await transaction.update(passkeys).set({ name: wanted }).where(isIt);
  return named.affectedRows > 0;
}

/** Takes one of a user's passkeys away; whether it was theirs. */
export async function deletePasskey(
  transaction: Transaction,
  userId: number,
  passkeyId: string,
): Promise<boolean> {
  const isIt = and(eq(passkeys.id, passkeyId), eq(passkeys.userId, userId));
  const [gone] = await transaction.delete(passkeys).where(isIt);
  return gone.affectedRows > 0;
}

/** A challenge that a passkey has signed. */
export interface SignedChallenge {
  readonly assertion: PasskeyAssertion;
  readonly challenge: string;
}

/**
 * Whose passkey has signed a challenge, with its owner verified by it; null where it was another site's
 * or another challenge, unknown, changed, signed without its owner, or used before: a challenge is good
 * once. A counter that does not rise is that of a copy (WebAuthn, 6.1.1): it is refused, with an event.
 */
export async function spendPasskey(
  { assertion, challenge }: SignedChallenge,
  device: Device,
  now: Date,
): Promise<number | null> {
  const [row] = await db()
    .select()
    .from(passkeys)
    .where(eq(passkeys.credentialHash, hashOf(assertion.id)));
  if (!row || !isOwn(assertion, row.userId)) return null;
  const counter = await signedCounter(row, assertion, challenge);
  if (counter === null) return null;
  return inTransaction(async (transaction) => {
    const once = { purpose: "passkey", userId: row.userId, email: "" } as const;
    if (!(await spendOnce(transaction, once, challenge, now))) return null;
    // One that does not count says 0 for ever.
    const rises = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
    const [used] = await transaction
      .update(passkeys)
      .set({ counter, lastUsedAt: now })
      .where(and(eq(passkeys.id, row.id), rises));
    if (used.affectedRows > 0) return row.userId;
    await noteCopy(transaction, row, device, now);
    return null;
  });
}

type PasskeyRow = typeof passkeys.$inferSelect;

function isOwn({ response }: PasskeyAssertion, userId: number): boolean {
  const { userHandle } = response;
  const own = Buffer.from(handleOf(userId)).toString("base64url");
  return userHandle === undefined || userHandle === own;
}

async function signedCounter(
  { credentialId, publicKey }: PasskeyRow,
  assertion: PasskeyAssertion,
  challenge: string,
): Promise<number | null> {
  const { rpID, origin } = site();
  // Whether its counter has risen is asked where it is written, of all uses at once.
  const credential = { id: credentialId, counter: 0 };
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: { ...credential, publicKey: new Uint8Array(Buffer.from(publicKey, "base64url")) },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    log().info({ err: error }, "a passkey was refused");
    return null;
  }
}

async function noteCopy(
  transaction: Transaction,
  { userId, id: passkeyId }: PasskeyRow,
  device: Device,
  now: Date,
): Promise<void> {
  log().warn({ userId, passkeyId }, "the counter of a passkey did not rise: it may be a copy");
  const detail = { factor: "passkey", copied: true };
  const event = { type: "second_factor_failed", at: now, userId, device, detail } as const;
  await recordEvents(transaction, [event]);
}

function hashOf(credentialId: string): Buffer {
  return createHash("sha256").update(credentialId).digest();
}

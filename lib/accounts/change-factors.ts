import "server-only";
import { type Given, type Proof, proveAgain } from "@/lib/auth/methods";
import type { Busy } from "@/lib/auth/password-threads";
import { renewByProof } from "@/lib/auth/reauthenticate";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/record";
import { factorsOf, noteFactorsChanged } from "@/lib/factors/factors";
import { includesFactor } from "@/lib/factors/policy";
import { replaceRecoveryCodes } from "@/lib/factors/recovery-codes";
import { deleteTotp, insertTotp, newTotpSecret, stepOf, totpUri } from "@/lib/factors/totp";
import { endTrust } from "@/lib/factors/trusted-browsers";
import { type FactorNews, tellOfFactors } from "@/lib/mail/notices";
import { isRefused, type Refused } from "@/lib/refused";
import { seal, unseal } from "@/lib/seal";
import { type Actor, AuthorityLost, judgeActor } from "@/lib/session/authority";
import type { Token } from "@/lib/session/cookie";
import { endSessions } from "@/lib/session/end";
import { rotateSession } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/session";
import { lockSession } from "@/lib/session/write";
import type { User } from "@/lib/users/user";

const SET_UP_SECONDS = 3600;

/** What an authenticator app is set up with. */
export interface TotpSetUp {
  /** In base32, for whoever cannot scan the picture. */
  readonly secret: string;
  readonly uri: string;
  /** Both of it for the form to send back: nothing is kept before the first code is right. */
  readonly sealed: string;
}

interface SealedSetUp {
  readonly s: string;
  readonly u: number;
  readonly i: string;
  /** The last moment, in milliseconds since 1970. */
  readonly x: number;
}

/** Begins to set up an authenticator app: bound to this session, for an hour. */
export async function beginTotp(
  { user, session }: { readonly user: User; readonly session: Pick<Session, "id"> },
  now: Date,
): Promise<TotpSetUp> {
  const secret = newTotpSecret();
  const x = now.getTime() + SET_UP_SECONDS * 1000;
  const payload: SealedSetUp = { s: secret, u: user.id, i: session.id, x };
  return {
    secret,
    uri: totpUri(secret, user),
    sealed: await seal("setup", payload, SET_UP_SECONDS),
  };
}

/** The set-up that a form sends back; null where it is none of this session's, or too old. */
export async function openTotpSetUp(
  { user, session }: { readonly user: User; readonly session: Pick<Session, "id"> },
  sealed: string,
  now: Date,
): Promise<TotpSetUp | null> {
  const { s: secret, u, i, x } = (await unseal<SealedSetUp>("setup", sealed)) ?? {};
  const isTheirs = u === user.id && i === session.id;
  if (!isTheirs || !secret || !x || now.getTime() > x) return null;
  return { secret, uri: totpUri(secret, user), sealed };
}

/** The code is not one that the app would show now. */
export type WrongCode = Refused<"wrong_code">;
/** There is an authenticator app already. */
export type FactorThere = Refused<"factor_there">;

/** A change of factors: the session's new secret, and the recovery codes where new ones were made. */
export interface FactorChange {
  readonly token: Token;
  readonly recoveryCodes: readonly string[];
}

/** Who changes their factors, and from where. */
export type Owner = Omit<Proof, "given">;

/**
 * Adds an authenticator app once its first code is right: every other session ends (`factor_changed`),
 * this one gets a new secret, and the first factor brings ten recovery codes. Needs a fresh proof, by a
 * factor where there is one. Throws AuthorityLost.
 */
export async function addTotp(
  owner: Owner,
  { secret, code }: { readonly secret: string; readonly code: string },
  now: Date,
): Promise<FactorChange | WrongCode | FactorThere> {
  const step = stepOf(secret, code.replaceAll(/\D/g, ""), now);
  if (step === null) return { refused: "wrong_code" };
  return inTransaction(async (transaction) => {
    const user = await judgeAdding(transaction, owner, now);
    const before = await factorsOf(user.id, transaction);
    if (before.totpSince) return { refused: "factor_there" };
    await insertTotp(transaction, { userId: user.id, secret, step }, now);
    return afterAdding(transaction, owner, user, "totp", now);
  });
}

/**
 * Takes the authenticator app away, by one of its codes or a recovery code: a password alone must not
 * do it. Every other session ends, this one gets a new secret. Throws AuthorityLost.
 */
export async function removeTotp(
  owner: Owner,
  code: string,
  now: Date,
): Promise<FactorChange | Wrong | Throttled | Busy> {
  return byCode(owner, code, now, async (transaction) => {
    await deleteTotp(transaction, owner.user.id);
    const event = { type: "factor_removed", detail: { factor: "totp" } } as const;
    await writeChange(transaction, owner, { ...event, news: "factor_removed" }, now);
    return [];
  });
}

/** Ten new recovery codes in place of those before, by a code. Throws AuthorityLost. */
export async function renewRecoveryCodes(
  owner: Owner,
  code: string,
  now: Date,
): Promise<FactorChange | Wrong | Throttled | Busy> {
  return byCode(owner, code, now, async (transaction) => {
    const codes = await replaceRecoveryCodes(transaction, owner.user.id, now);
    await tellOfFactors(
      transaction,
      owner.user,
      "recovery_codes_replaced",
      owner.client.device,
      now,
    );
    return codes;
  });
}

async function byCode(
  owner: Owner,
  code: string,
  now: Date,
  change: (transaction: Transaction) => Promise<readonly string[]>,
): Promise<FactorChange | Wrong | Throttled | Busy> {
  const given: Given = { method: "code", code };
  const proof = { ...owner, given };
  const proven = await proveAgain(proof, now);
  if (isRefused(proven)) return proven;
  return inTransaction(async (transaction) => {
    const token = await renewByProof(transaction, proof, proven, { type: "reauthenticated" }, now);
    return { token, recoveryCodes: await change(transaction) };
  });
}

/**
 * The user who adds a factor, by a fresh proof; by one of the factors that there are, as whoever knows
 * the password alone would have one of their own by it. Throws AuthorityLost.
 */
export async function judgeAdding(
  transaction: Transaction,
  actor: Actor,
  now: Date,
): Promise<User> {
  const user = await judgeActor(transaction, actor, { recentProof: true }, now);
  if (user.factorsChangedAt !== null) await judgeFactor(transaction, actor);
  return user;
}

/** Holds whether a second factor was part of an actor's last proof. Throws AuthorityLost. */
export async function judgeFactor(transaction: Transaction, { session }: Actor): Promise<void> {
  const held = await lockSession(transaction, session.id);
  if (!held || !includesFactor(held.session.methods, true)) throw new AuthorityLost("proof_needed");
}

/** What follows once a factor is kept: the session of whoever added it goes on, no other does. */
export async function afterAdding(
  transaction: Transaction,
  owner: Owner,
  { id: userId, factorsChangedAt }: User,
  factor: "totp" | "passkey",
  now: Date,
): Promise<FactorChange> {
  const isFirst = factorsChangedAt === null;
  const recoveryCodes = isFirst ? await replaceRecoveryCodes(transaction, userId, now) : [];
  // Its own proof is fresh, too.
  const provenBy = [...owner.session.methods, factor];
  const token = await rotateSession(transaction, owner, now, { provenBy });
  if (!token) throw new AuthorityLost("signed_out");
  const event = { type: "factor_added", detail: { factor } } as const;
  await writeChange(transaction, owner, { ...event, news: "factor_added" }, now);
  return { token, recoveryCodes };
}

/** Asks for the second factor again in a browser that one trusted; whether it did. Throws AuthorityLost. */
export async function forgetTrustedBrowser(actor: Actor, id: string, now: Date): Promise<boolean> {
  return inTransaction(async (transaction) => {
    const user = await judgeActor(transaction, actor, {}, now);
    return endTrust(transaction, user.id, id);
  });
}

interface WrittenChange {
  readonly type: "factor_added" | "factor_removed";
  readonly detail: Record<string, unknown>;
  readonly news: FactorNews;
}

/** Notes a change of factors, ends every other session by it, and tells the owner. */
export async function writeChange(
  transaction: Transaction,
  { user, session, client }: Owner,
  { type, detail, news }: WrittenChange,
  now: Date,
): Promise<void> {
  const { device } = client;
  const { id: userId } = user;
  await noteFactorsChanged(transaction, userId, now);
  const event = { type, at: now, userId, sessionId: session.id, device, detail };
  await recordEvents(transaction, [event]);
  const others = { userId, except: session.id };
  await endSessions(transaction, others, { reason: "factor_changed", device }, now);
  await tellOfFactors(transaction, user, news, device, now);
}

import "server-only";
import { and, desc, eq, inArray, isNull, lte, ne, or } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { events } from "@/lib/db/schema";
import type { Transaction } from "@/lib/db/transaction";
import { type Device, deviceWords } from "@/lib/device";
import { recordEvents } from "@/lib/events/record";
import { endOpenLinks, issueToken } from "@/lib/mail/one-time-tokens";
import { mailWay, queueMail } from "@/lib/mail/outbox";
import type { Role } from "@/lib/roles";
import type { User } from "@/lib/users/user";

/** Whose account it is. */
type Owner = Pick<User, "id" | "email">;

/** A session, and the browser that it is of. */
interface SessionOf extends Device {
  readonly id: string;
}

/**
 * Tells a user of a session from a browser that their account does not know: an event, and a mail
 * with a link by which they say that it was not them (ASVS 6.3.5).
 */
export async function tellOfNewDevice(
  transaction: Transaction,
  { id: userId, email }: Owner,
  { id: sessionId, ipAddress, userAgent }: SessionOf,
  now: Date,
): Promise<void> {
  const device = { ipAddress, userAgent };
  await recordEvents(transaction, [{ type: "new_device", at: now, userId, sessionId, device }]);
  if (mailWay() === "none") return;
  const token = await issueToken(transaction, { purpose: "not_me", userId, email, sessionId }, now);
  const detail = { ...wordsOf(device), at: now.toISOString() };
  const mail = { kind: "new_device", userId, recipient: email, detail, token } as const;
  await queueMail(transaction, mail, now);
}

/**
 * Tells a user that their account has another password, and ends the links that this makes void
 * (ASVS 6.3.7, 6.4.1). `device` is theirs, where they did it themselves.
 */
export async function tellOfNewPassword(
  transaction: Transaction,
  { id: userId, email }: Owner,
  device: Device | null,
  now: Date,
): Promise<void> {
  await endOpenLinks(transaction, userId, now);
  const detail = { ...(device ? wordsOf(device) : {}), at: now.toISOString() };
  const mail = { kind: "password_changed", userId, recipient: email, detail } as const;
  await queueMail(transaction, mail, now);
}

/**
 * Tells both addresses of an account that somebody else has given it another one, and ends the links
 * that this makes void. No link leads back: whoever decided it may have done so since the former
 * mailbox is in other hands.
 */
export async function tellOfNewAddress(
  transaction: Transaction,
  { id: userId, email: former }: Owner,
  email: string,
  now: Date,
): Promise<void> {
  await endOpenLinks(transaction, userId, now);
  const detail = { email, at: now.toISOString() };
  for (const recipient of [former, email])
    await queueMail(transaction, { kind: "email_replaced", userId, recipient, detail }, now);
}

/** Tells a user that they have another role. */
export async function tellOfNewRole(
  transaction: Transaction,
  { id: userId, email }: Owner,
  role: Role,
  now: Date,
): Promise<void> {
  const detail = { role, at: now.toISOString() };
  const mail = { kind: "role_changed", userId, recipient: email, detail } as const;
  await queueMail(transaction, mail, now);
}

/** What is told of second factors. */
export type FactorNews =
  | "factor_added"
  | "factor_removed"
  | "recovery_codes_replaced"
  | "factors_were_reset";

/** Tells a user that the factors of their account have changed (ASVS 6.3.7). */
export async function tellOfFactors(
  transaction: Transaction,
  { id: userId, email }: Owner,
  kind: FactorNews,
  device: Device | null,
  now: Date,
): Promise<void> {
  const detail = { ...(device ? wordsOf(device) : {}), at: now.toISOString() };
  await queueMail(transaction, { kind, userId, recipient: email, detail }, now);
}

/** Tells a user that a recovery code of theirs was used, and how many are left. */
export async function tellOfRecoveryCode(
  transaction: Transaction,
  { id: userId, email }: Owner,
  { device, left }: { readonly device: Device; readonly left: number },
  now: Date,
): Promise<void> {
  const detail = { ...wordsOf(device), left, at: now.toISOString() };
  const mail = { kind: "recovery_code_used", userId, recipient: email, detail } as const;
  await queueMail(transaction, mail, now);
}

/**
 * Tells a user that their factors will be taken away, with a link that stops it: whoever asked for it may
 * not be the account's owner.
 */
export async function tellOfFactorsReset(
  transaction: Transaction,
  { id: userId, email }: Owner,
  resetAt: Date,
  now: Date,
): Promise<void> {
  if (mailWay() === "none") return;
  const token = await issueToken(transaction, { purpose: "factors_reset", userId, email }, now);
  const detail = { at: resetAt.toISOString() };
  const mail = { kind: "factors_resetting", userId, recipient: email, detail, token } as const;
  await queueMail(transaction, mail, now);
}

/** A sign-in from a browser that its account did not know: its owner is asked about it. */
export interface AskedDevice {
  readonly sessionId: string;
  /** "Firefox 141 on Windows". */
  readonly device: string;
  readonly ipAddress: string;
  readonly at: Date;
}

// The latest of these, or a sign-in, decides. A new browser is noted right after its sign-in; whoever has
// said "this was not me", or set another password by a link, is asked no more.
const DECIDING = ["new_device", "session_reported", "password_reset"] as const;

/**
 * What whoever has just begun a session is asked about: the latest new browser since `lastHereAt`, when
 * this one was given the password before. Whoever signs in twice from a new browser does not thereby
 * answer for the account's owner. Where this one is new itself (null): the sign-in before this, if that
 * was from a new browser. Null where there is nothing to ask about.
 */
export async function deviceToAskAbout(
  { id, userId }: { readonly id: string; readonly userId: number },
  lastHereAt: Date | null,
): Promise<AskedDevice | null> {
  const { type, sessionId, at, ipAddress, userAgent } = events;
  const isOther = or(isNull(sessionId), ne(sessionId, id));
  const isAnswer = and(eq(type, "sign_in"), lastHereAt ? lte(at, lastHereAt) : undefined);
  const isDeciding = or(inArray(type, [...DECIDING]), isAnswer);
  const [last] = await db()
    .select({ type, sessionId, at, ipAddress, userAgent })
    .from(events)
    .where(and(eq(events.userId, userId), isDeciding, isOther))
    .orderBy(desc(at), desc(events.id))
    .limit(1);
  if (last?.type !== "new_device" || !last.sessionId) return null;
  const { name } = deviceWords(last.userAgent);
  return { sessionId: last.sessionId, device: name, ipAddress: last.ipAddress, at: last.at };
}

function wordsOf({ ipAddress, userAgent }: Device) {
  return { device: deviceWords(userAgent).name, ipAddress };
}

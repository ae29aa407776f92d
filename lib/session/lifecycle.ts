import "server-only";
import type { DjangoRow } from "@/lib/db/django-row";
import { FACTORS, type Method } from "@/lib/db/method-list";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { tellOfNewDevice } from "@/lib/mail/notices";
import type { Refused } from "@/lib/refused";
import { signInAtDjango, spendKey } from "@/lib/session/adopted";
import type { Token } from "@/lib/session/cookie";
import { endHeld, endSurplus, lockLive } from "@/lib/session/end-rows";
import {
  extendedEnd,
  isTouchDue,
  lifetimeFrom,
  limitsFor,
  ROTATION_GRACE_SECONDS,
} from "@/lib/session/policy";
import type { Session } from "@/lib/session/session";
import { type BroughtSecret, hashSecret, newSecret, newSessionId } from "@/lib/session/token";
import { insertSession, lockSession, writeSecret, writeTouch } from "@/lib/session/write";
import { type BeforeSignIn, recordSignIn, type Verified } from "@/lib/users/sign-ins";
import type { User } from "@/lib/users/user";

const DAY_MS = 86_400_000;

/** A sign-in of somebody who has proved who they are. */
export interface SignIn {
  readonly user: User;
  readonly methods: readonly Method[];
  /** The hash that the password fitted, where one was given. */
  readonly passwordHash?: string;
  /** Whether "Stay signed in" was ticked. */
  readonly persistent: boolean;
  readonly device: Device;
  /** Whether the account does not know the browser: then its owner is told. */
  readonly isNewBrowser?: boolean;
  /** The session at Django that it takes over. */
  readonly adopted?: DjangoRow;
  /** The sessions that the browser came with: each ends with `signed_out`, whoever's it was. */
  readonly replaced: readonly string[];
}

/** A session and the token that its browser must keep. */
export interface Started {
  readonly session: Session;
  readonly token: Token;
  /** The `session_key` of a row at Django that began with it; null where none did. */
  readonly djangoKey: string | null;
}

/**
 * The user has been disabled, deleted, or given another password or factor since this was verified. Their
 * sessions have been ended, and a late one must not come after that.
 */
export type Overtaken = Refused<"overtaken">;
const OVERTAKEN: Overtaken = { refused: "overtaken" };

/** A session at Django that somebody has taken over already. */
export type AlreadyAdopted = Refused<"already_adopted">;
const ALREADY_ADOPTED: AlreadyAdopted = { refused: "already_adopted" };

/**
 * Starts a session: a new id and secret, never one that a browser brought (session fixation,
 * ASVS 7.2.4). Nothing of a former session is carried over.
 */
export async function startSession(
  signIn: SignIn,
  now: Date,
): Promise<Started | Overtaken | AlreadyAdopted> {
  const secret = newSecret();
  const session = freshSession(signIn, now);
  return inTransaction(async (transaction) => {
    // First, since it locks the user's row: parallel sign-ins of one user then wait in line.
    const before = await recordSignIn(transaction, signIn.user.id, verifiedOf(signIn), now);
    if (!before) return OVERTAKEN;
    const { adopted } = signIn;
    if (adopted && !(await spendKey(transaction, adopted, session, now))) return ALREADY_ADOPTED;
    const replacing = { reason: "signed_out", device: signIn.device } as const;
    const replaced = await lockLive(transaction, { ids: signIn.replaced }, now);
    await endHeld(transaction, replaced, replacing, now);
    const { user } = signIn;
    const atDjango = adopted ? null : await signInAtDjango(transaction, user, session, now);
    const kept = { secretHash: hashSecret(secret), djangoRow: adopted ?? atDjango };
    await insertSession(transaction, { ...session, ...kept });
    await endSurplus(transaction, session, now);
    await recordEvents(transaction, eventsOf(session, signIn, before, now));
    // The very first sign-in is from a browser that nobody can know yet.
    if (signIn.isNewBrowser && before.lastSignInAt)
      await tellOfNewDevice(transaction, signIn.user, session, now);
    return { session, token: tokenOf(session, secret), djangoKey: atDjango?.key ?? null };
  });
}

function verifiedOf({ user, methods, passwordHash }: SignIn): Verified {
  const isByFactor = FACTORS.some((factor) => methods.includes(factor));
  const { factorsChangedAt } = user;
  return { factorsChangedAt, isByFactor, ...(passwordHash ? { passwordHash } : {}) };
}

function eventsOf(
  session: Session,
  { adopted }: SignIn,
  { eraseAt }: BeforeSignIn,
  now: Date,
): NewEvent[] {
  const { id: sessionId, userId, ipAddress, userAgent } = session;
  const common = { at: now, userId, sessionId, device: { ipAddress, userAgent } };
  const signedIn: NewEvent = { ...common, type: adopted ? "session_adopted" : "sign_in" };
  if (!eraseAt) return [signedIn];
  return [signedIn, { ...common, type: "user_updated", detail: { kept: true } }];
}

/**
 * Records that a live session was used: at most one small UPDATE in `SESSION_TOUCH_SECONDS`, over
 * all instances. False when none was due. A clock that stepped back writes nothing.
 */
export async function touchSession(
  session: Session,
  user: User,
  device: Device,
  now: Date,
): Promise<boolean> {
  const { SESSION_TOUCH_SECONDS: touchSeconds } = settings();
  if (!isTouchDue(session, touchSeconds, now)) return false;
  const expiresAt = extendedEnd(session, limitsFor(user.role, settings()), now);
  const unlessAfter = new Date(now.getTime() - touchSeconds * 1000);
  return writeTouch(session.id, { ...device, lastActivityAt: now, expiresAt }, unlessAfter);
}

/** A session and the secret of it that a request brought. */
interface Brought {
  readonly session: Session;
  readonly brought: BroughtSecret;
}

/**
 * Gives a live session a new secret; requests under way may read with the old one for a short while,
 * unless `isFormerDead`: after a password change whoever holds it is out. `provenBy` how its user has
 * just proved who they are: from now on its methods, so that a password given now does not pass for the
 * code that was given long ago. Null when the session has ended meanwhile, or got another secret than
 * the one that was brought: a copy of that must not become the present one.
 */
export async function rotateSession(
  transaction: Transaction,
  from: Brought,
  now: Date,
  rotation: { readonly provenBy?: readonly Method[]; readonly isFormerDead?: boolean } = {},
): Promise<Token | null> {
  return withNewSecret(transaction, from, now, rotation);
}

/**
 * Gives a new secret to a session that must get one since its user's role has changed. Of parallel
 * requests one gets it: a second rotation would shut out those that still hold the old secret.
 */
export async function renewSession(
  transaction: Transaction,
  from: Brought,
  now: Date,
): Promise<Token | null> {
  return withNewSecret(transaction, from, now, { onlyIfDue: true });
}

async function withNewSecret(
  transaction: Transaction,
  { session, brought }: Brought,
  now: Date,
  {
    provenBy,
    isFormerDead = false,
    ...rotation
  }: { provenBy?: readonly Method[]; onlyIfDue?: true; isFormerDead?: boolean },
): Promise<Token | null> {
  const held = await lockSession(transaction, session.id);
  if (!held || !brought.fits(held.secretHash)) return null;
  const secret = newSecret();
  const graceEnd = new Date(now.getTime() + ROTATION_GRACE_SECONDS * 1000);
  const formerSecretUntil = isFormerDead ? null : graceEnd;
  const proof = provenBy ? { proof: { authenticatedAt: now, methods: provenBy } } : {};
  const written = { ...rotation, ...proof, secretHash: hashSecret(secret), formerSecretUntil };
  const isRotated = await writeSecret(transaction, session.id, written);
  return isRotated ? tokenOf(session, secret) : null;
}

function freshSession(signIn: SignIn, now: Date): Session {
  return {
    ...lifetimeFrom(now, limitsFor(signIn.user.role, settings())),
    ...signIn.device,
    id: newSessionId(now),
    userId: signIn.user.id,
    // What Django took for a proof counts for none here: whatever asks for a fresh one asks anew.
    authenticatedAt: signIn.adopted ? new Date(now.getTime() - DAY_MS) : now,
    methods: signIn.methods,
    endedAt: null,
    endReason: null,
    persistent: signIn.persistent,
    isRotationDue: false,
    data: {},
  };
}

function tokenOf(session: Session, secret: string): Token {
  return { sessionId: session.id, secret, absoluteExpiresAt: session.absoluteExpiresAt };
}

import "server-only";
import { and, eq, gt, isNull, lt, lte, or, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { db } from "@/lib/db/connection";
import { oneTimeTokens, outbox } from "@/lib/db/mail-schema";
import { afterCommit, type Executor } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import type { MailDetail } from "@/lib/mail/draft-parts";
import type { MailKind } from "@/lib/mail/drafts";
import { seal } from "@/lib/seal";
import { isLoopback } from "@/lib/variables";

/** A one-time token and the hash of it that its row holds. */
export interface LinkToken {
  readonly value: string;
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** A mail to be sent. */
export interface NewMail {
  readonly kind: MailKind;
  /** Whose it is: who is erased gets none any more. Null where the address is nobody's. */
  readonly userId: number | null;
  readonly recipient: string;
  /** What its words tell; no secret. */
  readonly detail?: MailDetail;
  /** The token of its link: given up where that is over before it was sent. */
  readonly token?: LinkToken;
}

/**
 * How mails leave: by SMTP; kept, to be looked at on `/dev/mail` of a site that is for this machine
 * alone; or not at all.
 */
export function mailWay(): "smtp" | "kept" | "none" {
  const { SMTP_URL, APP_URL, HOST } = settings();
  if (SMTP_URL) return "smtp";
  return isLoopback(APP_URL.hostname) && isLoopback(HOST) ? "kept" : "none";
}

declare global {
  // On globalThis, since each bundle of a build has a copy of this module.
  var gatehouseWakeSender: (() => void) | undefined;
}

/**
 * Promises a mail, in the transaction of what it tells of: it leaves if that is committed, and only
 * then. Where no mail leaves at all, nothing is written.
 */
export async function queueMail(executor: Executor, mail: NewMail, now: Date): Promise<void> {
  if (mailWay() === "none") return;
  const { token, ...told } = mail;
  const sealedToken = token ? await sealed(token, now) : null;
  await executor.insert(outbox).values({
    ...told,
    id: uuidv7({ msecs: now.getTime() }),
    tokenHash: token?.hash ?? null,
    sealedToken,
    createdAt: now,
    nextAttemptAt: now,
  });
  afterCommit(executor, () => globalThis.gatehouseWakeSender?.());
}

function sealed({ value, expiresAt }: LinkToken, now: Date): Promise<string> {
  const seconds = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000);
  return seal("mail", { t: value }, Math.max(seconds, 1));
}

/** A row of the outbox. */
export type OutboxMail = typeof outbox.$inferSelect;

// Longer than any try takes: who holds it still is gone.
const LEASE_MS = 60_000;

const isDue = (now: Date) =>
  and(lte(outbox.nextAttemptAt, now), or(isNull(outbox.leaseUntil), lte(outbox.leaseUntil, now)));

/** Ids of mails that are due and that nobody holds, those that wait longest first. */
export async function findDue(now: Date, limit: number): Promise<string[]> {
  if (limit <= 0) return [];
  const rows = await db()
    .select({ id: outbox.id })
    .from(outbox)
    .where(isDue(now))
    .orderBy(outbox.nextAttemptAt)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * Takes a due mail for one try. By a conditional UPDATE alone, which every server of a cluster
 * decides alike: `SKIP LOCKED` and `GET_LOCK` are a single node's. Null when another has it, or it
 * is gone.
 */
export async function claimMail(id: string, now: Date): Promise<OutboxMail | null> {
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const [claimed] = await db()
    .update(outbox)
    .set({ leaseUntil, attempts: sql`${outbox.attempts} + 1` })
    .where(and(eq(outbox.id, id), isDue(now)));
  return claimed.affectedRows === 0 ? null : findMail(id);
}

/** Whether a mail's link still opens something at `now`; true for one without a link. */
export async function isLinkGood({ tokenHash }: OutboxMail, now: Date): Promise<boolean> {
  if (!tokenHash) return true;
  const [token] = await db()
    .select({ tokenHash: oneTimeTokens.tokenHash })
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.tokenHash, tokenHash),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    );
  return token !== undefined;
}

/** What became of a try. */
export type Outcome =
  | { readonly sentAt: Date }
  | { readonly lastError: string; readonly nextAttemptAt: Date }
  | { readonly lastError: string; readonly failedAt: Date };

const LONGEST_ERROR = 500;

/** Writes down what became of a try, unless another has taken the mail since. */
export async function settleMail(mail: OutboxMail, outcome: Outcome): Promise<void> {
  const isOver = !("nextAttemptAt" in outcome);
  // Where mails are kept for somebody to look at, the link is what they came for.
  const isErased = "sentAt" in outcome && mailWay() !== "kept";
  await db()
    .update(outbox)
    .set({
      leaseUntil: null,
      ...(isOver ? { nextAttemptAt: null } : {}),
      ...(isErased ? { sealedToken: null } : {}),
      ...outcome,
      ...("lastError" in outcome ? { lastError: outcome.lastError.slice(0, LONGEST_ERROR) } : {}),
    })
    .where(and(eq(outbox.id, mail.id), eq(outbox.leaseUntil, leaseOf(mail))));
}

function leaseOf({ leaseUntil }: OutboxMail): Date {
  if (!leaseUntil) throw new Error("a mail is settled that nobody has taken");
  return leaseUntil;
}

/** A mail by its id; null where there is none. */
export async function findMail(id: string): Promise<OutboxMail | null> {
  const [mail] = await db().select().from(outbox).where(eq(outbox.id, id));
  return mail ?? null;
}

const KEPT_MS = 30 * 86_400_000;
const PURGE_BATCH = 1000;

/** Removes mails that were sent or given up 30 days ago. How many. */
export async function purgeMail(now: Date): Promise<number> {
  const isOver = and(
    isNull(outbox.nextAttemptAt),
    lt(outbox.createdAt, new Date(now.getTime() - KEPT_MS)),
  );
  const [result] = await db().delete(outbox).where(isOver).limit(PURGE_BATCH);
  return result.affectedRows;
}

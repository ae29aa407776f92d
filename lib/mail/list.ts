import "server-only";
import { and, count, eq, inArray, isNotNull, lt, min, type SQL, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { outbox } from "@/lib/db/mail-schema";
import { afterCommit, type Executor } from "@/lib/db/transaction";
import type { OutboxMail } from "@/lib/mail/outbox";

/** How the outbox is. */
export interface OutboxState {
  readonly waiting: number;
  /** When the one that waits longest was promised; null when none waits. */
  readonly oldestAt: Date | null;
  readonly failed: number;
}

/** Counts what waits and what was given up. */
export async function outboxState(): Promise<OutboxState> {
  const [waiting] = await db()
    .select({ waiting: count(), oldestAt: min(outbox.createdAt) })
    .from(outbox)
    .where(isNotNull(outbox.nextAttemptAt));
  const [failed] = await db()
    .select({ failed: count() })
    .from(outbox)
    .where(isNotNull(outbox.failedAt));
  return {
    waiting: waiting?.waiting ?? 0,
    oldestAt: waiting?.oldestAt ?? null,
    failed: failed?.failed ?? 0,
  };
}

/** What can have become of a mail. */
export const MAIL_STATES = ["waiting", "sent", "failed"] as const;
export type MailState = (typeof MAIL_STATES)[number];

const STATES: Record<MailState, SQL> = {
  waiting: isNotNull(outbox.nextAttemptAt),
  sent: isNotNull(outbox.sentAt),
  failed: isNotNull(outbox.failedAt),
};

/** What a list of mails is narrowed to. */
export interface MailFilter {
  readonly state?: MailState | undefined;
  readonly userId?: number | undefined;
  /** Any of these. */
  readonly userIds?: readonly number[] | undefined;
  readonly beforeId?: string | undefined;
}

/** The mails that a filter leaves, newest first. */
export async function listMail(
  { state, userId, userIds, beforeId }: MailFilter,
  limit: number,
): Promise<OutboxMail[]> {
  const isOf = userId === undefined ? undefined : eq(outbox.userId, userId);
  const isOfAny = userIds && inArray(outbox.userId, [...userIds]);
  const isOlder = beforeId === undefined ? undefined : lt(outbox.id, beforeId);
  return db()
    .select()
    .from(outbox)
    .where(and(state && STATES[state], isOf, isOfAny, isOlder))
    .orderBy(sql`${outbox.id} desc`)
    .limit(limit);
}

/** What was mailed, for whom it was mailed to. */
export type ToldMail = Awaited<ReturnType<typeof mailsOf>>[number];

/** What was mailed to a user, newest first; nothing that opens anything. */
export async function mailsOf(userId: number) {
  const { kind, recipient, detail, createdAt, sentAt } = outbox;
  return db()
    .select({ kind, recipient, detail, createdAt, sentAt })
    .from(outbox)
    .where(eq(outbox.userId, userId))
    .orderBy(sql`${outbox.id} desc`);
}

/** Makes mails due again that were given up, one or all. How many. */
export async function retryMail(
  id: string | null,
  now: Date,
  executor: Executor = db(),
): Promise<number> {
  const isAgain = and(isNotNull(outbox.failedAt), id === null ? undefined : eq(outbox.id, id));
  const [result] = await executor
    .update(outbox)
    .set({ failedAt: null, attempts: 0, nextAttemptAt: now })
    .where(isAgain);
  afterCommit(executor, () => globalThis.gatehouseWakeSender?.());
  return result.affectedRows;
}

import "server-only";
import { createHmac } from "node:crypto";
import { asc, eq, inArray, like, or } from "drizzle-orm";
import { lockPoints } from "@/lib/auth/throttle-counters";
import { db } from "@/lib/db/connection";
import { throttle } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { settings } from "@/lib/env";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { normalIdentifier, type User } from "@/lib/users/user";

/** As much of a user as the throttle counts by. */
export type Account = Pick<User, "id" | "username" | "email">;

/** The account of a user at the throttle, by whatever identifier they sign in. */
export function accountOf(userId: number): string {
  return `user ${userId}`;
}

/**
 * An identifier as it was typed. Keyed, since people type passwords there, too. The label is a constant,
 * whatever the site is called: another one forgets what was counted.
 */
export function typedAccount(identifier: string): string {
  const [secret = ""] = settings().SESSION_SECRET;
  const typed = normalIdentifier(identifier).toLowerCase();
  return createHmac("sha256", secret).update(`gatehouse throttle v1 ${typed}`).digest("hex");
}

/** Everything that an account is counted under. */
export function namesOf({ id, username, email }: Account): string[] {
  return [accountOf(id), typedAccount(username), typedAccount(email)];
}

const CLOSED = "closed:user ";
const closedKey = (userId: number) => `${CLOSED}${userId}`;

/**
 * Notes that an account is closed to strangers, where it is: an event, once, over all instances. Its
 * row has no end of its own and is what lists and metrics count.
 */
export async function noteClosing(account: Account, device: Device, now: Date): Promise<void> {
  await inTransaction(async (transaction) => {
    const points = await lockPoints(transaction, `account:${accountOf(account.id)}`);
    if (points < settings().THROTTLE_ACCOUNT_FAILURES) return;
    const [{ affectedRows }] = await transaction
      .insert(throttle)
      .ignore()
      .values({ key: closedKey(account.id), points: 1, expire: null });
    if (affectedRows === 0) return;
    const detail = { counter: "account", closed: true };
    const event = {
      type: "sign_in_throttled",
      at: now,
      userId: account.id,
      device,
      detail,
    } as const;
    await recordEvents(transaction, [event]);
  });
}

/** Who opens an account, and how. */
interface Opening extends Pick<NewEvent, "actorId" | "device"> {
  /** A right password, a new one, or somebody who may. */
  readonly by: "sign_in" | "new_password" | "administrator";
  /** Rows that end besides: those of a try that was right. */
  readonly ended?: readonly string[];
}

/**
 * Ends the rows of wrong passwords of an account, under each of its names, and opens it to strangers
 * if it was closed; whether it was. That is an event.
 */
export async function openAccount(
  transaction: Transaction,
  account: Account,
  { by, ended = [], ...who }: Opening,
  now: Date,
): Promise<boolean> {
  const names = namesOf(account);
  const rows = names.map((name) => `account:${name}`);
  await transaction.delete(throttle).where(inArray(throttle.key, [...rows, ...ended]));
  if (by !== "sign_in") await deleteStarting(transaction, triesOf(account.id, names));
  const [{ affectedRows }] = await transaction
    .delete(throttle)
    .where(eq(throttle.key, closedKey(account.id)));
  if (affectedRows === 0) return false;
  const event = {
    type: "user_updated",
    at: now,
    userId: account.id,
    detail: { opened: by },
  } as const;
  await recordEvents(transaction, [{ ...event, ...who }]);
  return true;
}

/** Whether strangers' passwords for an account are not looked at until somebody opens it. */
export async function isClosed(userId: number): Promise<boolean> {
  return (await db().$count(throttle, eq(throttle.key, closedKey(userId)))) > 0;
}

/** How many accounts are closed. */
export async function countClosed(): Promise<number> {
  return db().$count(throttle, like(throttle.key, `${CLOSED}%`));
}

/** Some of the accounts that are closed, by the ids of their users. */
export async function findClosed(limit: number): Promise<number[]> {
  const rows = await db()
    .select({ key: throttle.key })
    .from(throttle)
    .where(like(throttle.key, `${CLOSED}%`))
    .orderBy(asc(throttle.key))
    .limit(limit);
  return rows.map(({ key }) => Number(key.slice(CLOSED.length)));
}

/** Deletes every count that names a user, with the user. */
export async function eraseCounts(transaction: Transaction, account: Account): Promise<void> {
  const names = namesOf(account);
  const rows = names.map((name) => `account:${name}`);
  const noted = rows.map((key) => `noted:${key}`);
  await transaction
    .delete(throttle)
    .where(inArray(throttle.key, [...rows, ...noted, closedKey(account.id)]));
  const starts = triesOf(account.id, names);
  await deleteStarting(transaction, [...starts, ...starts.map((start) => `noted:${start}`)]);
}

function triesOf(userId: number, names: readonly string[]): string[] {
  const devices = ["device", "device-row"].map((counter) => `${counter}:${accountOf(userId)} `);
  return [...names.map((name) => `pair:${name} `), ...devices];
}

// Prefixes of the primary key: no walk through the table.
async function deleteStarting(transaction: Transaction, starts: readonly string[]): Promise<void> {
  const isAny = or(...starts.map((start) => like(throttle.key, `${start}%`)));
  await transaction.delete(throttle).where(isAny);
}

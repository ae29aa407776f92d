import "server-only";
import { and, eq, isNull, lte, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/lib/db/connection";
import { sessions } from "@/lib/db/schema";
import { type Executor, retryOnDeadlock, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { SessionData } from "@/lib/session/data";
import { findSession, type ListedSession, listedColumns } from "@/lib/session/session";

/** A session whose row a transaction holds, with the hash that its secret must fit. */
export interface HeldSession {
  readonly session: ListedSession;
  readonly secretHash: Buffer | null;
}

/** The session of an id, live or ended, locked until the transaction ends; null when there is none. */
export async function lockSession(
  transaction: Transaction,
  id: string,
): Promise<HeldSession | null> {
  const [row] = await transaction
    .select({ session: listedColumns, secretHash: sessions.secretHash })
    .from(sessions)
    .where(eq(sessions.id, id))
    .for("update");
  return row ?? null;
}

/** A row to insert: what `Session` holds, and the hash. */
export type NewSession = typeof sessions.$inferInsert;

export async function insertSession(executor: Executor, row: NewSession): Promise<void> {
  await executor.insert(sessions).values(row);
}

/**
 * Records use, unless the session has ended or another request recorded it since `unlessAfter`.
 * So a late touch revives nothing, and instances do not write twice.
 */
export async function writeTouch(
  id: string,
  use: Device & { lastActivityAt: Date; expiresAt: Date },
  unlessAfter: Date,
): Promise<boolean> {
  const isDue = and(liveRow(id), lte(sessions.lastActivityAt, unlessAfter));
  const [result] = await retryOnDeadlock(() => db().update(sessions).set(use).where(isDue));
  return result.affectedRows > 0;
}

/**
 * Replaces the secret of a live session; the one before stays good until `formerSecretUntil`, and
 * is good for nothing from now on where that is null.
 */
export async function writeSecret(
  executor: Executor,
  id: string,
  secret: {
    secretHash: Buffer;
    formerSecretUntil: Date | null;
    proof?: Pick<ListedSession, "authenticatedAt" | "methods">;
    onlyIfDue?: true;
  },
): Promise<boolean> {
  // MySQL and MariaDB assign from left to right, so the old hash has to move first.
  const [result] = await executor.execute(sql`
    update ${sessions} set rotation_due = false,
      former_secret_hash = ${secret.formerSecretUntil ? sql`secret_hash` : null},
      secret_hash = ${secret.secretHash},
      former_secret_until = ${secret.formerSecretUntil ? sql.param(secret.formerSecretUntil, sessions.formerSecretUntil) : null},
      authenticated_at = coalesce(${secret.proof ? sql.param(secret.proof.authenticatedAt, sessions.authenticatedAt) : null}, authenticated_at),
      method_list = coalesce(${secret.proof ? sql.param(secret.proof.methods, sessions.methods) : null}, method_list)
    where ${and(liveRow(id), secret.onlyIfDue && eq(sessions.isRotationDue, true))}`);
  return "affectedRows" in result && result.affectedRows > 0;
}

/** Notes that a user's live sessions need new secrets. */
export async function markRotationDue(executor: Executor, userId: number): Promise<void> {
  const isTheirs = and(eq(sessions.userId, userId), isNull(sessions.endedAt));
  await executor.update(sessions).set({ isRotationDue: true }).where(isTheirs);
}

/** The row of an id, if nothing has ended it. */
export function liveRow(id: string): SQL | undefined {
  return and(eq(sessions.id, id), isNull(sessions.endedAt));
}

/** Servers parse JSON only so deep (MariaDB 32 levels, MySQL 100); the rest is for their own use. */
const DEEPEST = 24;
// So that a key can stand in a JSON path of any server as it is.
const KEY = /^[A-Za-z_]\w{0,63}$/;
const KEY_RULE = "A key is a word of at most 64 letters, digits and _.";
const LARGEST_BYTES = 64 * 1024;

/** What `updateSessionData` takes: values to set, and `undefined` for keys to remove. */
export type SessionDataChanges = {
  readonly [Key in keyof SessionData]: SessionData[Key] | undefined;
};

/** Data that a session cannot keep; the message names the key and what is wrong with it. */
export class UnfitSessionData extends Error {
  override readonly name = "UnfitSessionData";
}

/**
 * Merges changes into a session's data in one statement: the database does it, so two requests
 * that write different keys both survive, and of two that write the same the last one wins. False
 * when the session has ended meanwhile. Throws UnfitSessionData.
 */
export async function writeSessionData(id: string, changes: SessionDataChanges): Promise<boolean> {
  const merged = mergedData(changes);
  if (!merged) return true;
  const statement = sql`
    update ${sessions} set data = ${merged}
    where ${liveRow(id)} and length(${merged}) <= ${LARGEST_BYTES}`;
  const [result] = await retryOnDeadlock(() => db().execute(statement));
  if ("affectedRows" in result && result.affectedRows > 0) return true;
  const stored = await findSession(id);
  if (!stored || stored.session.endedAt) return false;
  throw new UnfitSessionData(`The data of a session may be ${LARGEST_BYTES} bytes, not more.`);
}

/** Changes split into what to set, parsed, and which keys to remove. Throws UnfitSessionData. */
export function splitChanges(changes: SessionDataChanges): {
  readonly set: SessionData;
  readonly remove: readonly string[];
} {
  const entries = Object.entries(changes);
  for (const [key, value] of entries) {
    if (!KEY.test(key)) throw new UnfitSessionData(`${JSON.stringify(key)}: ${KEY_RULE}`);
    if (isDeeperThan(DEEPEST - 1, value))
      throw new UnfitSessionData(`${key}: session data is nested ${DEEPEST} levels deep at most.`);
    // What is left of an emoji that was cut in two; MySQL refuses it.
    if (!isWellFormed(value)) throw new UnfitSessionData(`${key}: text with half of a letter.`);
  }
  const set = SessionData.safeParse(Object.fromEntries(entries.filter(([, v]) => v !== undefined)));
  if (!set.success) throw new UnfitSessionData(z.prettifyError(set.error));
  return { set: set.data, remove: entries.filter(([, v]) => v === undefined).map(([key]) => key) };
}

// Keys are plain words, so they can stand in a path as they are.
function mergedData(changes: SessionDataChanges): SQL | null {
  const { set, remove } = splitChanges(changes);
  const values = JSON.stringify(set);
  const setting = Object.keys(set).map(
    (key) => sql`${pathOf(key)}, json_extract(${values}, ${pathOf(key)})`,
  );
  // What somebody wrote past the schema may be no object, and nothing can be set in that.
  let merged = sql`if(json_type(data) = 'OBJECT', data, json_object())`;
  if (setting.length > 0) merged = sql`json_set(${merged}, ${sql.join(setting, sql`, `)})`;
  if (remove.length > 0)
    merged = sql`json_remove(${merged}, ${sql.join(remove.map(pathOf), sql`, `)})`;
  return setting.length + remove.length > 0 ? merged : null;
}

function pathOf(key: string): SQL {
  return sql`${`$.${key}`}`;
}

// Looks no deeper than it is told, since a value may hold itself.
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).flat().every(isWellFormed);
}

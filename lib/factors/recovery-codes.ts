import "server-only";
import { createHash, randomInt } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { recoveryCodes } from "@/lib/db/factors-schema";
import type { Executor, Transaction } from "@/lib/db/transaction";

/** How many an account has when they are new. */
export const RECOVERY_CODES = 10;

// No letters or digits that are mistaken for one another; 28 of them are 138 bits.
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 7;
const GROUP_LENGTH = 4;

/** Ten new codes, as they are shown this once. They take the place of those before. */
export async function replaceRecoveryCodes(
  transaction: Transaction,
  userId: number,
  now: Date,
): Promise<readonly string[]> {
  await deleteRecoveryCodes(transaction, userId);
  const codes = Array.from({ length: RECOVERY_CODES }, newCode);
  const rows = codes.map((code) => ({ codeHash: hashOf(code), userId, createdAt: now }));
  await transaction.insert(recoveryCodes).values(rows);
  return codes;
}

export async function deleteRecoveryCodes(transaction: Transaction, userId: number): Promise<void> {
  await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
}

/** Uses up a recovery code, however its groups are set apart: of many at once one succeeds. */
export async function spendRecoveryCode(
  transaction: Transaction,
  userId: number,
  code: string,
  now: Date,
): Promise<boolean> {
  const isIt = and(eq(recoveryCodes.codeHash, hashOf(code)), eq(recoveryCodes.userId, userId));
  const [result] = await transaction
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(and(isIt, isNull(recoveryCodes.usedAt)));
  return result.affectedRows > 0;
}

/** How many codes of a user are good. */
export async function countRecoveryCodes(
  userId: number,
  executor: Executor = db(),
): Promise<number> {
  const isGood = and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt));
  return executor.$count(recoveryCodes, isGood);
}

function newCode(): string {
  const letters = Array.from(
    { length: GROUPS * GROUP_LENGTH },
    () => ALPHABET[randomInt(ALPHABET.length)],
  );
  const code = letters.join("");
  // One in 20,000 has no digit: it would look like a word, and forms tell codes apart by their digits.
  return /\d/.test(code) ? inGroups(code) : newCode();
}

function inGroups(code: string): string {
  return (code.match(new RegExp(`.{${GROUP_LENGTH}}`, "g")) ?? []).join("-");
}

function hashOf(code: string): Buffer {
  return createHash("sha256").update(plainCode(code)).digest();
}

/** A code as it counts: without what sets its groups apart, in small letters. */
export function plainCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

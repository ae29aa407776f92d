import "server-only";
import { and, eq } from "drizzle-orm";
import type { Verified } from "@/lib/account/credentials";
import { hashPassword, isOutdatedHash, verifyPassword } from "@/lib/account/password";
import { findPasswordHash } from "@/lib/account/users";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { databaseErrorNumber } from "@/lib/db/unavailable";
import { log } from "@/lib/log";

/**
 * Hashes a password anew, which has just proved right, where its hash is of another system or of a
 * lower cost. The hash to go on with: the one that the user's row has now, if it is of this
 * password. No trouble of it is in the way of the sign-in: then it is the old one, for another time.
 */
export async function upgradeHash(verified: Verified, password: string): Promise<string> {
  const { user, passwordHash } = verified;
  if (!isOutdatedHash(passwordHash)) return passwordHash;
  try {
    return await replaceHash(verified, password);
  } catch (error) {
    // Not the error itself: what the statement was given is a part of it, the hash included.
    const why = { userId: user.id, error: nameOf(error), errno: databaseErrorNumber(error) };
    log().warn(why, "a password could not be hashed anew");
    return passwordHash;
  }
}

async function replaceHash({ user, passwordHash: old }: Verified, password: string) {
  const fresh = await hashPassword(password);
  const [result] = await db()
    .update(users)
    .set({ passwordHash: fresh })
    // A password that is changed meanwhile wins.
    .where(and(eq(users.id, user.id), eq(users.passwordHash, old)));
  if (result.affectedRows > 0) return fresh;
  // Another sign-in of theirs may have been quicker; after a change, the old one lets nobody in.
  const current = await findPasswordHash(user.id);
  return current && (await verifyPassword(password, current, "known")) ? current : old;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : "unknown");

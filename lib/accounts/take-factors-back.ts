import "server-only";
import { and, eq, gte, inArray } from "drizzle-orm";
import { passkeys, recoveryCodes, totpFactors } from "@/lib/db/factors-schema";
import type { Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import { timesSinceSession } from "@/lib/events/read";
import { recordEvents } from "@/lib/events/record";
import { noteFactorsChanged } from "@/lib/factors/factors";
import { tellOfFactors } from "@/lib/mail/notices";
import { lockSession } from "@/lib/session/write";
import type { User } from "@/lib/users/user";

/**
 * Takes away what a session that was not its owner's, and those begun after it, have added to an
 * account: by its own app whoever was in would keep the owner out, by its own passkey come in again.
 * What was there before stays; recovery codes made since then go, as they have been read.
 */
export async function takeFactorsBack(
  transaction: Transaction,
  user: Pick<User, "id" | "email">,
  { sessionId, device }: { readonly sessionId: string; readonly device: Device },
  now: Date,
): Promise<void> {
  const held = await lockSession(transaction, sessionId);
  if (!held) return;
  const { id: userId } = user;
  const codes = await deleteCodesSince(transaction, userId, held.session.createdAt);
  const of = { userId, sessionId, type: "factor_added" } as const;
  const factors = await deleteAddedAt(
    transaction,
    userId,
    await timesSinceSession(transaction, of),
  );
  if (codes + factors === 0) return;
  await noteFactorsChanged(transaction, userId, now);
  const event = { type: "factor_removed", at: now, userId, sessionId, device } as const;
  await recordEvents(transaction, [{ ...event, detail: { reported: true } }]);
  await tellOfFactors(transaction, user, "factor_removed", device, now);
}

async function deleteCodesSince(
  transaction: Transaction,
  userId: number,
  since: Date,
): Promise<number> {
  const isSince = and(eq(recoveryCodes.userId, userId), gte(recoveryCodes.createdAt, since));
  const [gone] = await transaction.delete(recoveryCodes).where(isSince);
  return gone.affectedRows;
}

// A factor and the event that tells of it were written at the same moment.
async function deleteAddedAt(
  transaction: Transaction,
  userId: number,
  times: readonly Date[],
): Promise<number> {
  if (times.length === 0) return 0;
  const [totp] = await transaction
    .delete(totpFactors)
    .where(and(eq(totpFactors.userId, userId), inArray(totpFactors.createdAt, [...times])));
  const [keys] = await transaction
    .delete(passkeys)
    .where(and(eq(passkeys.userId, userId), inArray(passkeys.createdAt, [...times])));
  return totp.affectedRows + keys.affectedRows;
}

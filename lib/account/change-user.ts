import "server-only";
import { eq } from "drizzle-orm";
import { type Role, type Status, users } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/append";
import { endSessionsOfUser } from "@/lib/session/end";
import { markRotationDue } from "@/lib/session/store";

/** Which user changes, and who does it where that is somebody signed in. */
export interface Change {
  readonly userId: number;
  readonly actorId?: number;
}

/**
 * Gives a user another role. It counts at their next request; their sessions get new secrets then,
 * since what an old one could do has changed (ASVS 7.2.4).
 */
export async function setRole({ userId, actorId }: Change, role: Role, now: Date): Promise<void> {
  await inTransaction(async (transaction) => {
    await transaction.update(users).set({ role }).where(eq(users.id, userId));
    await markRotationDue(transaction, userId);
    await recordEvents(transaction, [
      { type: "user_updated", at: now, userId, actorId: actorId ?? null, detail: { role } },
    ]);
  });
}

/** Lets a user in, or out at once: disabling ends every session of theirs. How many ended. */
export async function setStatus(
  { userId, actorId }: Change,
  status: Status,
  now: Date,
): Promise<number> {
  return inTransaction(async (transaction) => {
    await transaction.update(users).set({ status }).where(eq(users.id, userId));
    const type = status === "disabled" ? "user_disabled" : "user_enabled";
    await recordEvents(transaction, [{ type, at: now, userId, actorId: actorId ?? null }]);
    if (status === "active") return 0;
    const end = { reason: "user_disabled", ...(actorId ? { actorId } : {}) } as const;
    return endSessionsOfUser(transaction, userId, end, now);
  });
}

import "server-only";
import { lockUser } from "@/lib/account/change-user";
import { openAccount } from "@/lib/account/closed-accounts";
import { lockUsers } from "@/lib/account/users";
import { inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/events/device";
import { type Actor, judgeActor } from "@/lib/session/authority";

/**
 * Opens an account that wrong passwords have closed to strangers; whether it was closed. Who is
 * signed in must be an administrator with a fresh proof when it is written; without anybody, it is
 * the command line. Throws NoSuchUser and AuthorityLost.
 */
export async function openForUser(
  userId: number,
  { actor, device }: { readonly actor?: Actor; readonly device?: Device },
  now: Date,
): Promise<boolean> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    if (actor) await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const by = actor && (await judgeActor(transaction, actor, authority, now));
    const user = await lockUser(transaction, userId);
    const who = { actorId: by?.id ?? null, device: device ?? null };
    return openAccount(transaction, user, { by: "administrator", ...who }, now);
  });
}

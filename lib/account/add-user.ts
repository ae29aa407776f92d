import "server-only";
import type { z } from "zod";
import type { NewUserInput } from "@/lib/account/new-user";
import { generatePassword, hashPassword } from "@/lib/account/password";
import type { User } from "@/lib/account/user";
import { createInTransaction } from "@/lib/account/users";
import { inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/events/device";
import { type Actor, judgeActor } from "@/lib/session/authority";

/**
 * Adds a user for somebody else, with a random password that is given here and never again, and is
 * temporary: the user replaces it before anything else opens. Who adds must be an administrator with
 * a fresh proof when it is written. Throws DuplicateUser, HashingBusy and AuthorityLost.
 */
export async function addUser(
  input: z.output<typeof NewUserInput>,
  by: { readonly actor: Actor; readonly device: Device },
  now: Date,
): Promise<{ readonly user: User; readonly password: string }> {
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  const user = await inTransaction(async (transaction) => {
    const { id } = await judgeActor(
      transaction,
      by.actor,
      { role: "admin", recentProof: true },
      now,
    );
    const acted = { actorId: id, device: by.device };
    const added = { ...input, passwordHash, passwordIsTemporary: true };
    return createInTransaction(transaction, added, now, acted);
  });
  return { user, password };
}

import "server-only";
import type { z } from "zod";
import type { NewUserInput } from "@/lib/account/new-user";
import type { PasswordForAnother } from "@/lib/account/password";
import type { User } from "@/lib/account/user";
import { createInTransaction } from "@/lib/account/users";
import { inTransaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/events/device";
import { type Actor, judgeActor } from "@/lib/session/authority";

/**
 * Adds a user for somebody else, with a generated password that is temporary: the user replaces it
 * before anything else opens. Who adds must be an administrator with a fresh proof when it is
 * written. Throws DuplicateUser and AuthorityLost.
 */
export async function addUser(
  input: z.output<typeof NewUserInput>,
  { passwordHash }: PasswordForAnother,
  by: { readonly actor: Actor; readonly device: Device },
  now: Date,
): Promise<User> {
  return inTransaction(async (transaction) => {
    const authority = { role: "admin", recentProof: true } as const;
    const { id } = await judgeActor(transaction, by.actor, authority, now);
    const acted = { actorId: id, device: by.device };
    const added = { ...input, passwordHash, passwordIsTemporary: true };
    return createInTransaction(transaction, added, now, acted);
  });
}

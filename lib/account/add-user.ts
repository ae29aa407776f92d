import "server-only";
import type { z } from "zod";
import type { NewUserInput } from "@/lib/account/new-user";
import { generatePassword, hashPassword } from "@/lib/account/password";
import type { User } from "@/lib/account/user";
import { createUser } from "@/lib/account/users";
import type { NewEvent } from "@/lib/events/append";

/**
 * Adds a user for somebody else, with a random password that is given here and never again.
 * Throws DuplicateUser and HashingBusy.
 */
export async function addUser(
  input: z.output<typeof NewUserInput>,
  by: Pick<NewEvent, "actorId" | "device">,
  now: Date,
): Promise<{ readonly user: User; readonly password: string }> {
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  return { user: await createUser({ ...input, passwordHash }, now, by), password };
}

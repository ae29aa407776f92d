import "server-only";
import type { z } from "zod";
import { addUser } from "@/lib/account/add-user";
import { LockingOut } from "@/lib/account/administrators";
import { type ChangedUser, changeUser, type UserChanges } from "@/lib/account/change-user";
import type { NewUserInput } from "@/lib/account/new-user";
import { openForUser } from "@/lib/account/open-account";
import { passwordForAnother } from "@/lib/account/password";
import { setTemporaryPassword } from "@/lib/account/set-password";
import type { User } from "@/lib/account/user";
import { DuplicateUser } from "@/lib/account/users";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import type { FieldErrors } from "@/lib/request/problem";

/**
 * Adds a user by the decision of `actor`; the generated password is given this once. Throws
 * DuplicateUser, HashingBusy and AuthorityLost.
 */
export async function addUserBy(
  actor: Current,
  input: z.output<typeof NewUserInput>,
): Promise<{ readonly user: User; readonly password: string }> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  return { user: await addUser(input, made, by, new Date()), password: made.password };
}

/**
 * Changes a user by the decision of `actor`. Throws NoSuchUser, LockingOut, DuplicateUser
 * and AuthorityLost.
 */
export async function changeUserBy(
  actor: Current,
  userId: number,
  wanted: UserChanges,
): Promise<ChangedUser> {
  const change = { userId, actor, device: await currentDevice() };
  return changeUser(change, wanted, new Date());
}

/**
 * Gives a user a temporary password by the decision of `actor`; it is given this once. Throws
 * NoSuchUser, OwnAccount, HashingBusy and AuthorityLost.
 */
export async function setTemporaryPasswordBy(actor: Current, userId: number): Promise<string> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  await setTemporaryPassword(userId, made, by, new Date());
  return made.password;
}

/**
 * Opens an account that wrong passwords have closed, by the decision of `actor`; whether it was
 * closed. Throws NoSuchUser and AuthorityLost.
 */
export async function openAccountBy(actor: Current, userId: number): Promise<boolean> {
  return openForUser(userId, { actor, device: await currentDevice() }, new Date());
}

/** What a refused change of a user is to blame on, as sentences by field; null for other errors. */
export function userFaults(error: unknown): FieldErrors | null {
  const isOurs = error instanceof DuplicateUser || error instanceof LockingOut;
  return isOurs ? { [error.field]: [error.message] } : null;
}

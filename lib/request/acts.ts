import "server-only";
import { z } from "zod";
import { changeOwnPassword, setTemporaryPassword } from "@/lib/auth/change-password";
import { addUser, type ChangedUser, changeUser, type UserChanges } from "@/lib/auth/change-user";
import { openForUser } from "@/lib/auth/closed-accounts";
import { passwordForAnother } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { type Proof, reauthenticate } from "@/lib/auth/reauthenticate";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { isRefused } from "@/lib/refused";
import { currentClient, currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import type { FieldErrors } from "@/lib/request/problem";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { endSession, rememberDevice } from "@/lib/request/sign-in";
import { type Decided, type Decision, endSessionsBy } from "@/lib/session/end";
import { LockingOut } from "@/lib/users/administrators";
import type { NewUserInput } from "@/lib/users/input";
import type { User } from "@/lib/users/user";
import { DuplicateUser } from "@/lib/users/users";

/**
 * Adds a user by the decision of `actor`; the generated password is given this once. Throws
 * DuplicateUser and AuthorityLost.
 */
export async function addUserBy(
  actor: Current,
  input: z.output<typeof NewUserInput>,
): Promise<{ readonly user: User; readonly password: string } | Busy> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  if (isRefused(made)) return made;
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
 * NoSuchUser, OwnAccount and AuthorityLost.
 */
export async function setTemporaryPasswordBy(
  actor: Current,
  userId: number,
): Promise<string | Busy> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  if (isRefused(made)) return made;
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

const LONGEST_FIELD = 1024;

/** What a change of one's own password gives. Passwords are taken exactly as typed. */
export const ChangePasswordInput = z
  .strictObject({
    currentPassword: z.string().min(1, "Give your current password.").max(LONGEST_FIELD),
    newPassword: z.string().min(1, "Give a new password.").max(LONGEST_FIELD),
    confirmPassword: z.string().min(1, "Give the new password once more.").max(LONGEST_FIELD),
  })
  .refine(
    ({ newPassword, confirmPassword }) =>
      newPassword.normalize("NFC") === confirmPassword.normalize("NFC"),
    { path: ["confirmPassword"], message: "This is not the same as the new password." },
  );

/**
 * Replaces the password of who is signed in, ends their other sessions and hands over the new
 * secret of this one; null when that is done. Throws AuthorityLost and BlocklistUnavailable. Only in
 * actions and route handlers.
 */
export async function changePassword(
  current: Current,
  { currentPassword, newPassword }: z.output<typeof ChangePasswordInput>,
): Promise<UnfitPassword | Wrong | Throttled | Busy | null> {
  const now = new Date();
  const proof: Proof = { ...current, password: currentPassword, client: await currentClient() };
  const token = await changeOwnPassword(proof, newPassword, now);
  if (isRefused(token)) return token;
  await setSessionCookie({ session: current.session, token }, now);
  await rememberDevice(proof.client.known, current.user.id, now);
  return null;
}

/**
 * Ends one of the signed-in user's own sessions: this one's end is a sign-out and takes the cookie,
 * too; another's needs a fresh proof. False when it is somebody else's or unknown. Throws
 * AuthorityLost. Only in actions and route handlers.
 */
export async function endOwn(actor: Current, id: string): Promise<boolean> {
  if (id.toLowerCase() !== actor.session.id)
    return (
      (await endSessionsBy(await deciding(actor, "owner"), { ids: [id] }, new Date())).known > 0
    );
  await endSession();
  return true;
}

/**
 * Ends the signed-in user's other sessions, after a fresh proof; how many. This browser alone stays
 * known. Throws AuthorityLost. Only in actions and route handlers.
 */
export async function endOwnOthers(actor: Current): Promise<number> {
  const now = new Date();
  const { device, known } = await currentClient();
  const by = { actor, device, as: "owner" } as const;
  const { ended } = await endSessionsBy(by, { except: actor.session.id }, now);
  await rememberDevice(known, actor.user.id, now);
  return ended;
}

/** Ends every session of a user by the decision of `actor`; how many. Throws AuthorityLost and Outranked. */
export async function endForUser(actor: Current, userId: number): Promise<number> {
  return (await endSessionsBy(await deciding(actor, "staff"), { userId }, new Date())).ended;
}

/**
 * Ends sessions by the decision of `actor`: how many of them are known, and how many ended now.
 * Throws AuthorityLost and Outranked.
 */
export async function endByAdmin(actor: Current, ids: readonly string[]): Promise<Decided> {
  return endSessionsBy(await deciding(actor, "staff"), { ids }, new Date());
}

async function deciding(actor: Current, as: Decision["as"]): Promise<Decision> {
  return { actor, device: await currentDevice(), as };
}

/** What a fresh proof gives; any other field is refused. A password is taken exactly as typed. */
export const ProofInput = z.strictObject({
  password: z.string().min(1, "Give your password.").max(1024),
});

/** Takes a fresh proof and hands over the new secret; null when that is done. Throws AuthorityLost. */
export async function reauthenticateHere(
  current: Current,
  password: string,
): Promise<Wrong | Throttled | Busy | null> {
  const now = new Date();
  const proof: Proof = { ...current, password, client: await currentClient() };
  const token = await reauthenticate(proof, now);
  if (isRefused(token)) return token;
  await setSessionCookie({ session: current.session, token }, now);
  await rememberDevice(proof.client.known, current.user.id, now);
  return null;
}

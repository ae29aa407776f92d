import "server-only";
import { z } from "zod";
import { changeOwnPassword, openForUser, setTemporaryPassword } from "@/lib/auth/change-password";
import { addUser, type ChangedUser, changeUser, type UserChanges } from "@/lib/auth/change-user";
import type { Given, Proof } from "@/lib/auth/methods";
import { passwordForAnother } from "@/lib/auth/password";
import type { UnfitPassword } from "@/lib/auth/password-rules";
import type { Busy } from "@/lib/auth/password-threads";
import { reauthenticate } from "@/lib/auth/reauthenticate";
import type { Wrong } from "@/lib/auth/throttle";
import type { Throttled } from "@/lib/auth/throttle-counters";
import { isRefused } from "@/lib/refused";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { badFields, notAllowed, notFoundProblem, notLookedAt } from "@/lib/request/problem";
import { setSessionCookie } from "@/lib/request/session-cookie";
import { currentClient, rememberDevice } from "@/lib/request/sign-in";
import { endSession } from "@/lib/request/sign-out";
import { type Decided, endSessionsBy } from "@/lib/session/end";
import type { NewUserInput } from "@/lib/users/input";
import {
  type DuplicateUser,
  duplicateWords,
  type LockingOut,
  type NoSuchUser,
  type Outranked,
  type OwnAccount,
  type UserRefusal,
  userRefusalWords,
} from "@/lib/users/refusals";
import type { User } from "@/lib/users/user";

/** Somebody who was added, and the password that is given this once. */
export interface AddedUser {
  readonly user: User;
  readonly password: string;
}

/** Adds a user by the decision of `actor`. Throws AuthorityLost. */
export async function addUserBy(
  actor: Current,
  input: z.output<typeof NewUserInput>,
): Promise<AddedUser | DuplicateUser | Busy> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  if (isRefused(made)) return made;
  const { password, passwordHash } = made;
  const user = await addUser(input, { passwordHash }, by, new Date());
  return isRefused(user) ? user : { user, password };
}

/** Changes a user by the decision of `actor`. Throws AuthorityLost. */
export async function changeUserBy(
  actor: Current,
  userId: number,
  wanted: UserChanges,
): Promise<ChangedUser | NoSuchUser | LockingOut | DuplicateUser> {
  const change = { userId, actor, device: await currentDevice() };
  return changeUser(change, wanted, new Date());
}

/**
 * Gives a user a temporary password by the decision of `actor`; it is given this once. Throws
 * AuthorityLost.
 */
export async function setTemporaryPasswordBy(
  actor: Current,
  userId: number,
): Promise<string | NoSuchUser | OwnAccount | Busy> {
  const by = { actor, device: await currentDevice() };
  const made = await passwordForAnother();
  if (isRefused(made)) return made;
  return (await setTemporaryPassword(userId, made, by, new Date())) ?? made.password;
}

/**
 * Opens an account that wrong passwords have closed, by the decision of `actor`; whether it was
 * closed. Throws AuthorityLost.
 */
export async function openAccountBy(actor: Current, userId: number): Promise<boolean | NoSuchUser> {
  return openForUser(userId, { actor, device: await currentDevice() }, new Date());
}

/** What programs are told where nothing was done to a person. */
export function userRefusalProblem(refusal: UserRefusal | Busy): Response {
  switch (refusal.refused) {
    case "duplicate_user":
      return badFields(duplicateWords(refusal));
    case "last_administrator":
    case "own_rights":
      return badFields({ [refusal.field]: [userRefusalWords(refusal)] });
    case "no_such_user":
      return notFoundProblem();
    case "own_account":
      return notAllowed(userRefusalWords(refusal));
    case "busy":
      return notLookedAt(refusal);
    case "outranked":
      return notAllowed("This is about somebody of a higher role than yours.");
  }
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
  const given = { method: "password", password: currentPassword } as const;
  const proof: Proof = { ...current, given, client: await currentClient() };
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
  if (id === actor.session.id) {
    await endSession();
    return true;
  }
  const by = { actor, device: await currentDevice(), as: "owner" } as const;
  return (await endSessionsBy(by, { ids: [id] }, new Date())).known > 0;
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

/** Those of the ids, or all of one user. */
export type ChosenSessions = { readonly ids: readonly string[] } | { readonly userId: number };

/**
 * Ends sessions of others by the decision of `actor`: how many of them are known, and how many ended
 * now. Throws AuthorityLost.
 */
export async function endByStaff(
  actor: Current,
  chosen: ChosenSessions,
): Promise<Decided | Outranked | NoSuchUser> {
  const by = { actor, device: await currentDevice(), as: "staff" } as const;
  return endSessionsBy(by, chosen, new Date());
}

/**
 * What a fresh proof gives: the password, or a code where the account has a second factor; any other
 * field is refused. A password is taken exactly as typed.
 */
export const ProofInput = z
  .strictObject({
    password: z.string().min(1, "Give your password.").max(LONGEST_FIELD).optional(),
    code: z.string().trim().min(1, "Give a code.").max(LONGEST_FIELD).optional(),
  })
  .refine(({ password, code }) => (password === undefined) !== (code === undefined), {
    path: ["password"],
    message: "Give your password, or a code.",
  });

/** What that gives to prove it. */
export function givenBy({ password = "", code }: z.output<typeof ProofInput>): Given {
  return code === undefined ? { method: "password", password } : { method: "code", code };
}

/** Takes a fresh proof and hands over the new secret; null when that is done. Throws AuthorityLost. */
export async function reauthenticateHere(
  current: Current,
  given: Given,
): Promise<Wrong | Throttled | Busy | null> {
  const now = new Date();
  const proof: Proof = { ...current, given, client: await currentClient() };
  const token = await reauthenticate(proof, now);
  if (isRefused(token)) return token;
  await setSessionCookie({ session: current.session, token }, now);
  await rememberDevice(proof.client.known, current.user.id, now);
  return null;
}

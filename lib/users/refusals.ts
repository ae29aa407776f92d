import type { Refused } from "@/lib/refused";
import { mayActOn, type User } from "@/lib/users/user";

/** What no two users have in common. */
type NameField = "username" | "email";

/** A user name or an email that somebody has already; both are named where both are taken. */
export interface DuplicateUser extends Refused<"duplicate_user"> {
  readonly fields: readonly NameField[];
}

/** Nobody has that id. */
export interface NoSuchUser extends Refused<"no_such_user"> {
  readonly userId: number;
}

/** A change that would leave nobody to undo it, or shut out whoever makes it. */
export interface LockingOut extends Refused<"last_administrator" | "own_rights"> {
  readonly field: "role" | "status";
}

/** Somebody wanted to do to themselves what is for others. */
export type OwnAccount = Refused<"own_account">;

/** Somebody is of a higher role than whoever wanted to act on them. */
export type Outranked = Refused<"outranked">;

/** Why nothing was done to a person. */
export type UserRefusal = DuplicateUser | NoSuchUser | LockingOut | OwnAccount | Outranked;

/** Why `actorId`, or whoever has no account, may not make a change; null where they may. */
export function lockingOut(
  actorId: number | null,
  before: User,
  after: User,
  administrators: readonly number[],
): LockingOut | null {
  if (!isAdministrator(before) || isAdministrator(after)) return null;
  const field = after.role === "admin" ? "status" : "role";
  if (isLast(before, administrators)) return { refused: "last_administrator", field };
  return actorId === before.id ? { refused: "own_rights", field } : null;
}

/** Why a user must stay: they are the only one of the active `administrators`; null where they may go. */
export function lastAdministrator(
  user: User,
  administrators: readonly number[],
): LockingOut | null {
  const isNeeded = isAdministrator(user) && isLast(user, administrators);
  return isNeeded ? { refused: "last_administrator", field: "status" } : null;
}

/** Why somebody may not do to a user what is for others; null where they may. */
export function ownAccount(actorId: number, userId: number): OwnAccount | null {
  return actorId === userId ? { refused: "own_account" } : null;
}

/** Why somebody may not act on those people; null where they may. */
export function outranked(actor: User, people: readonly User[]): Outranked | null {
  return people.every((person) => mayActOn(actor, person)) ? null : { refused: "outranked" };
}

const isAdministrator = ({ role, status }: User) => role === "admin" && status === "active";

const isLast = (user: User, administrators: readonly number[]) =>
  administrators.every((id) => id === user.id);

/** Why nothing was done, as sentences for the person who asked. */
export function userRefusalWords(refusal: UserRefusal): string {
  switch (refusal.refused) {
    case "duplicate_user":
      return Object.values(duplicateWords(refusal)).flat().join(" ");
    case "no_such_user":
      return `There is no user ${refusal.userId}.`;
    case "last_administrator":
      return "This is the last active administrator with a password of their own. Make another one first, who has signed in and set theirs.";
    case "own_rights":
      return "This is your own account. Ask another administrator to change it.";
    case "own_account":
      return "This is your own account. Change your password under Password.";
    case "outranked":
      return "You can act only on people of your own role or a lower one.";
  }
}

const NAMES = { username: "user name", email: "email" };

/** What is taken, as sentences by field. */
export function duplicateWords({ fields }: DuplicateUser): Record<string, string[]> {
  return Object.fromEntries(
    fields.map((field) => [field, [`There is already a user with this ${NAMES[field]}.`]]),
  );
}

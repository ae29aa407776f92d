import { ROLES, type Role, type Status, users } from "@/lib/db/schema";

/** A person as the rest of the code sees one: the password's hash is not among the fields. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: Status;
  /** Somebody else made their password and knows it: it opens nothing but the page that replaces it. */
  readonly passwordIsTemporary: boolean;
  /** Null where that was before this was noted. */
  readonly passwordSetAt: Date | null;
}

/** What a query selects to make a `User`. */
export const userColumns = {
  id: users.id,
  username: users.username,
  email: users.email,
  name: users.name,
  role: users.role,
  status: users.status,
  passwordIsTemporary: users.passwordIsTemporary,
  passwordSetAt: users.passwordSetAt,
};

/** Whether a role may do what `required` may: roles rise from member over staff to admin. */
export function isAtLeast(role: Role, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}

/** Whether somebody may act on a person at all: on people of their own role or a lower one alone. */
export function mayActOn(actor: Pick<User, "role">, person: Pick<User, "role">): boolean {
  return isAtLeast(actor.role, person.role);
}

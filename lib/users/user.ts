import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Status, users } from "@/lib/db/schema";
import { ROLES, type Role } from "@/lib/roles";

/** The id of a user, as addresses, forms and commands write it. */
export const UserId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, "A user id is a whole number.")
  .transform(Number);

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
  /** Null for who signed up and has not proved yet that the address is theirs. */
  readonly emailVerifiedAt: Date | null;
  /** When a second factor was last added, removed or reset; null exactly where there is none. */
  readonly factorsChangedAt: Date | null;
}

/** How the hash begins of a password that nobody has (Django writes so, too): none fits it. */
export const NOBODYS_PASSWORD = "!";

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
  emailVerifiedAt: users.emailVerifiedAt,
  factorsChangedAt: users.factorsChangedAt,
};

/** Whether a role may do what `required` may: roles rise from member over staff to admin. */
export function isAtLeast(role: Role, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}

/** Whether somebody may act on a person at all: on people of their own role or a lower one alone. */
export function mayActOn(actor: Pick<User, "role">, person: Pick<User, "role">): boolean {
  return isAtLeast(actor.role, person.role);
}

/**
 * The one normal form of user names and emails: NFC, without blanks around. Letter case is kept, and
 * never counts.
 */
export function normalIdentifier(typed: string): string {
  // The servers' lower() makes an i of İ, which would make two people one; Unicode keeps the dot.
  return typed.normalize("NFC").trim().replaceAll("İ", "i\u0307");
}

// Blanks, control and unassigned characters, and what shows as nothing or turns the direction round.
const HIDDEN = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Whether people would take it for something else: a character that is not seen, or another way to
 * write a plain letter or sign (`＠`, `ａ`, `ﬁ`). Letters of other alphabets are letters of their own.
 */
export function isDeceptive(identifier: string): boolean {
  return HIDDEN.test(identifier) || Array.from(identifier).some(standsForPlain);
}

const PLAIN = /[\x20-\x7e]/;

function standsForPlain(character: string): boolean {
  return !PLAIN.test(character) && PLAIN.test(character.normalize("NFKC"));
}

/**
 * How the columns of keys hold a user name or an e-mail: lower-cased by the database, like the keys
 * themselves, so that both agree on every letter.
 */
export const keyOf = (identifier: string) =>
  sql`lower(convert(${normalIdentifier(identifier)} using utf8mb4) collate utf8mb4_bin)`;

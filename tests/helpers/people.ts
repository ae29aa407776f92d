// People of a test's own.
import { randomBytes } from "node:crypto";
import type { ResultSetHeader } from "mysql2/promise";
import { hashPassword } from "@/lib/auth/password";
import type { Status } from "@/lib/db/schema";
import { isRefused } from "@/lib/refused";
import type { Role } from "@/lib/roles";
import type { User } from "@/lib/users/user";
import { onConnection } from "./connection";
import { insistOnThisMachine } from "./this-machine-only";

export interface TestUser extends User {
  readonly password: string;
}

/** The password of whoever was made without another. */
export const PASSWORD = "correct horse battery staple";

// Of that password at cost 4, so that a sign-in takes a millisecond where it is not the subject.
const HASH = "gatehouse1$2b$04$zWB2bm6VIw4ZCZqXTtedZeMSmWLj3r0uxPpiIrcXZZijX4nz34I16";

interface Wanted {
  readonly role?: Role;
  readonly status?: Status;
  /** One of their own is hashed at the site's cost. */
  readonly password?: string;
  /** When somebody else made their password, where that was so. */
  readonly temporarySince?: Date;
}

/** Of a user whose password is their own, and whose address somebody vouches for. */
export const ESTABLISHED = {
  passwordIsTemporary: false,
  passwordSetAt: null,
  emailVerifiedAt: new Date(0),
  factorsChangedAt: null,
};

/** A user with a random name, of whom no other test knows, put into the database of `DATABASE_URL`. */
export async function newUser(wanted: Wanted = {}): Promise<TestUser> {
  insistOnThisMachine();
  const { role = "member", status = "active", password = PASSWORD, temporarySince } = wanted;
  const username = `u${randomBytes(6).toString("hex")}`;
  const row = {
    username,
    email: `${username}@example.com`,
    name: `Name of ${username}`,
    role,
    status,
    password_hash: await hashOf(password),
    password_is_temporary: temporarySince !== undefined,
    password_set_at: temporarySince ?? null,
    email_verified_at: ESTABLISHED.emailVerifiedAt,
  };
  const { insertId } = await onConnection(async (connection) => {
    const [result] = await connection.query<ResultSetHeader>("INSERT INTO users SET ?", [row]);
    return result;
  });
  const { email, name, password_is_temporary: passwordIsTemporary } = row;
  const times = {
    passwordSetAt: row.password_set_at,
    emailVerifiedAt: row.email_verified_at,
    factorsChangedAt: ESTABLISHED.factorsChangedAt,
  };
  const person = { id: insertId, username, email, name, role, status, passwordIsTemporary };
  return { ...person, ...times, password };
}

async function hashOf(password: string): Promise<string> {
  if (password === PASSWORD) return HASH;
  const hash = await hashPassword(password);
  if (isRefused(hash)) throw new Error(`This password is refused: ${hash.refused}`);
  return hash;
}

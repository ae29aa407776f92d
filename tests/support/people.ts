// Users of a test's own, and how they sign in.
import { randomBytes } from "node:crypto";
import { hashPassword } from "@/lib/auth/password";
import type { Status } from "@/lib/db/schema";
import type { Role } from "@/lib/roles";
import { postJson } from "./asking";
import { given } from "./given";
import type { Requesting } from "./raw-request";
import { change } from "./sql";

export interface TestUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** The password of whoever was made without another. */
export const PASSWORD = "correct horse battery staple";

// Of that password at cost 4, so that a sign-in takes a millisecond where it is not the subject.
const HASH = "gatehouse1$2b$04$zWB2bm6VIw4ZCZqXTtedZeMSmWLj3r0uxPpiIrcXZZijX4nz34I16";

interface Wanted {
  readonly role?: Role;
  readonly status?: Status;
  /** One of their own is hashed at the app's cost. */
  readonly password?: string;
  /** When somebody else made their password, where that was so. */
  readonly temporarySince?: Date;
}

/** Of a user whose password is their own, and whose address somebody vouches for. */
export const ESTABLISHED = {
  passwordIsTemporary: false,
  passwordSetAt: null,
  emailVerifiedAt: new Date(0),
};

/** A user with a random name, put into the test file's database. */
export async function newUser(wanted: Wanted = {}): Promise<TestUser> {
  const { role = "member", status = "active", password = PASSWORD, temporarySince } = wanted;
  const username = `u${randomBytes(6).toString("hex")}`;
  const person = { username, email: `${username}@example.com`, name: `Name of ${username}` };
  const hash = password === PASSWORD ? HASH : await given(hashPassword(password));
  const { insertId } = await change(
    `INSERT INTO users (username, email, name, role, status, password_hash, password_is_temporary,
       password_set_at, email_verified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      person.username,
      person.email,
      person.name,
      role,
      status,
      hash,
      temporarySince !== undefined,
      temporarySince ?? null,
      ESTABLISHED.emailVerifiedAt,
    ],
  );
  return { ...person, id: insertId, password };
}

/** Closes an account to strangers, as a hundred wrong passwords do. */
export async function closeAccount({ id }: Pick<TestUser, "id">): Promise<void> {
  for (const row of ["account", "closed"])
    await change("REPLACE INTO throttle (`key`, points) VALUES (?, 100)", [`${row}:user ${id}`]);
}

/** Makes the last proof of a user's sessions 16 minutes old: one too many. */
export async function makeProofOld({ id }: Pick<TestUser, "id">): Promise<void> {
  const back = "authenticated_at = authenticated_at - INTERVAL 16 MINUTE";
  await change(`UPDATE sessions SET ${back} WHERE user_id = ?`, [id]);
}

/** Signs in by the API; the cookie as a `Cookie` header has it: `name=value`. */
export async function signIn(
  app: Requesting,
  { username, password }: TestUser,
  { remember = false } = {},
): Promise<string> {
  const { status, setCookies } = await app.request(
    "/api/session",
    postJson({ identifier: username, password, remember }),
  );
  const pair = setCookies[0]?.split(";")[0];
  if (!pair) throw new Error(`${username} could not sign in: ${status}`);
  return pair;
}

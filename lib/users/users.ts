import "server-only";
import { and, asc, eq, inArray, isNull, notLike, or, sql } from "drizzle-orm";
import { db } from "@/lib/db/connection";
import { duplicateKeyOf } from "@/lib/db/errors";
import { type Status, users } from "@/lib/db/schema";
import { type Executor, inTransaction, type Transaction } from "@/lib/db/transaction";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import type { Role } from "@/lib/roles";
import type { DuplicateUser, NoSuchUser } from "@/lib/users/refusals";
import {
  keyOf,
  NOBODYS_PASSWORD,
  normalIdentifier,
  type User,
  UserId,
  userColumns,
} from "@/lib/users/user";

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
  /** That it was made for them by somebody else, who knows it. */
  readonly passwordIsTemporary?: boolean;
  /** When that was done; now if left out, null where nobody knows. */
  readonly passwordSetAt?: Date | null;
  readonly status?: Status;
  /** When they proved that the address is theirs; now if left out, since somebody else vouches. */
  readonly emailVerifiedAt?: Date | null;
  readonly createdAt?: Date;
  readonly lastSignInAt?: Date | null;
}

const credentialColumns = {
  passwordHash: users.passwordHash,
  knownBrowsersSince: users.knownBrowsersSince,
};

/**
 * Who signs in by this user name or e-mail, with what their password and browser are held against;
 * null when nobody does.
 */
export async function findByIdentifier(identifier: string) {
  const key = keyOf(identifier);
  const [row] = await db()
    .select({ user: userColumns, ...credentialColumns })
    .from(users)
    // No ORDER BY: it would lead the optimiser from both unique keys to the whole table.
    .where(or(eq(users.usernameKey, key), eq(users.emailKey, key)));
  return row ?? null;
}

/** The user of a user name, an e-mail or an id; null when there is none. */
export async function findUser(handle: string): Promise<User | null> {
  const found = await findByIdentifier(handle);
  const id = UserId.safeParse(handle);
  if (found || !id.success) return found?.user ?? null;
  const [row] = await db().select(userColumns).from(users).where(eq(users.id, id.data));
  return row ?? null;
}

/**
 * Whom a filter means by a user name, an e-mail or an id: everybody where it names nobody; null where
 * nobody is that user, which is no reason to show everybody.
 */
export async function userFilter(
  handle: string | undefined,
): Promise<{ readonly userId?: number } | null> {
  if (!handle) return {};
  const user = await findUser(handle);
  return user && { userId: user.id };
}

/** Adds a user and writes down that, and by whom and from where if that is told. */
export async function createUser(
  user: NewUser,
  now: Date,
  by: Pick<NewEvent, "actorId" | "device" | "detail"> = {},
): Promise<User | DuplicateUser> {
  return inTransaction((transaction) => createInTransaction(transaction, user, now, by));
}

/** Adds a user as a part of something larger. */
export async function createInTransaction(
  transaction: Transaction,
  user: NewUser,
  now: Date,
  by: Pick<NewEvent, "actorId" | "device" | "detail"> = {},
): Promise<User | DuplicateUser> {
  const id = await insertUser(transaction, user, now);
  if (isRefused(id)) return id;
  await recordEvents(transaction, [
    { type: "user_created", at: now, userId: id, detail: { role: user.role }, ...by },
  ]);
  const [row] = await transaction.select(userColumns).from(users).where(eq(users.id, id));
  if (!row) throw new Error(`user ${id} is gone within the transaction that made it`);
  return row;
}

async function insertUser(
  executor: Executor,
  user: NewUser,
  now: Date,
): Promise<number | DuplicateUser> {
  const username = normalIdentifier(user.username);
  const email = normalIdentifier(user.email);
  const inserted = await orDuplicate(() =>
    executor
      .insert(users)
      .values({
        createdAt: now,
        passwordSetAt: now,
        emailVerifiedAt: now,
        ...user,
        username,
        email,
      })
      .$returningId(),
  );
  if (isRefused(inserted)) return withBothFields(executor, inserted, { username, email });
  const [row] = inserted;
  if (!row) throw new Error("the database gave a new user no id");
  return row.id;
}

/** Does a write that may give a user what another has already: then that is refused. */
export async function orDuplicate<T>(write: () => PromiseLike<T>): Promise<T | DuplicateUser> {
  try {
    return await write();
  } catch (error) {
    const key = duplicateKeyOf(error);
    if (key === null) throw error;
    return { refused: "duplicate_user", fields: [key === EMAIL_KEY ? "email" : "username"] };
  }
}

const EMAIL_KEY = "users_email_key";

// A write names the first key that it would break, and a person wants to hear of both.
async function withBothFields(
  executor: Executor,
  refused: DuplicateUser,
  names: { readonly username: string; readonly email: string },
): Promise<DuplicateUser> {
  const isUsername = eq(users.usernameKey, keyOf(names.username));
  const isEmail = eq(users.emailKey, keyOf(names.email));
  const found = await executor
    .select({ username: sql<number>`${isUsername}`, email: sql<number>`${isEmail}` })
    .from(users)
    .where(or(isUsername, isEmail));
  const isTaken = (field: "username" | "email") =>
    refused.fields.includes(field) || found.some((row) => row[field] === 1);
  return { ...refused, fields: (["username", "email"] as const).filter(isTaken) };
}

/**
 * The users of those ids that there are, by id, whose rows the transaction holds from now on. In
 * that order, so that two who lock the same ones wait for each other rather than deadlock.
 */
export async function lockUsers(transaction: Transaction, ids: readonly number[]): Promise<User[]> {
  if (ids.length === 0) return [];
  return (
    transaction
      .select(userColumns)
      // By key: a scan would lock everybody.
      .from(users, { forceIndex: "PRIMARY" })
      .where(inArray(users.id, [...ids]))
      .orderBy(asc(users.id))
      .for("update")
  );
}

/** The hash of a user's password; null when the user is gone. */
export async function findPasswordHash(
  userId: number,
  executor: Executor = db(),
): Promise<string | null> {
  const [row] = await executor
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId));
  return row?.passwordHash ?? null;
}

/** Whether that is the hash of a user's password, to the letter. */
export async function hasPasswordHash(userId: number, hash: string): Promise<boolean> {
  const isIt = and(eq(users.id, userId), eq(users.passwordHash, hash));
  return (await db().$count(users, isIt)) > 0;
}

/**
 * A user, with what their password and browser are held against, and when their closed account goes; null
 * when there is none.
 */
export async function findWithCredentials(userId: number) {
  const [row] = await db()
    .select({ user: userColumns, ...credentialColumns, eraseAt: users.eraseAt })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** A user, whose row the transaction holds from now on. */
export async function lockUser(transaction: Transaction, id: number): Promise<User | NoSuchUser> {
  const [user] = await lockUsers(transaction, [id]);
  return user ?? { refused: "no_such_user", userId: id };
}

/**
 * The ids of the active administrators, whose rows the transaction holds from now on. Who has only a
 * temporary password, or none, is not among them, as it may never be used; nor is who has closed their
 * account. To be asked before anything else is read: of two that demote one another one must see what
 * the other did.
 */
export async function lockAdministrators(transaction: Transaction): Promise<number[]> {
  const rows = await transaction
    .select({ id: users.id })
    .from(users, { forceIndex: "users_role_status" })
    .where(
      and(
        eq(users.role, "admin"),
        eq(users.status, "active"),
        eq(users.passwordIsTemporary, false),
        notLike(users.passwordHash, `${NOBODYS_PASSWORD}%`),
        isNull(users.eraseAt),
      ),
    )
    .orderBy(asc(users.id))
    .for("update");
  return rows.map(({ id }) => id);
}

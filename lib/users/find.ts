import "server-only";
import {
  and,
  asc,
  count,
  desc,
  eq,
  gte,
  inArray,
  lt,
  notLike,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { z } from "zod";
import { type PageOf, pageOf, readCursor } from "@/lib/cursor";
import { db } from "@/lib/db/connection";
import { type Count, countRows } from "@/lib/db/inspect";
import { containing } from "@/lib/db/like";
import { type Status, users } from "@/lib/db/schema";
import type { Executor } from "@/lib/db/transaction";
import { settings } from "@/lib/env";
import type { Role } from "@/lib/roles";
import { keyOf, normalIdentifier, type User, userColumns } from "@/lib/users/user";

/** A user with what only lists and the console show. */
export interface ListedUser extends User {
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

/** A part of the users. */
export interface UserPage {
  readonly users: readonly ListedUser[];
  /** Where the next part begins; null at the end. */
  readonly nextCursor: string | null;
}

const listedColumns = {
  ...userColumns,
  createdAt: users.createdAt,
  lastSignInAt: users.lastSignInAt,
};
const Place = z.tuple([z.int().positive()]);
/** No page looks at more rows: what is rare must not take a walk through millions. */
const MOST_LOOKED_AT = 10_000;

/**
 * Users whose user name, email or name holds `q`, in any letter case, or whose id it is; all without
 * it. The newest first, a page of them; on a site with more than 10,000 users a page may hold fewer than its
 * limit, or none, and yet not be the last. Throws BadCursor.
 */
export async function searchUsers(q: string | undefined, page: PageOf): Promise<UserPage> {
  const [place] = readCursor(page.cursor, Place) ?? [];
  const border = q ? await idFurtherOn(place) : null;
  const upTo = border === null ? undefined : gte(users.id, border);
  const found = await db()
    .select(listedColumns)
    // By key: no index holds all three, and to look up each row costs more than to read them all.
    .from(users, { forceIndex: "PRIMARY" })
    .where(and(q ? isAbout(q) : undefined, isAfter(place), upTo))
    .orderBy(desc(users.id))
    .limit(page.limit + 1);
  const at = border === null ? null : [border];
  const { rows, nextCursor } = pageOf(found, page.limit, at, ({ id }) => [id]);
  return { users: rows, nextCursor };
}

/** The user of an id; null when there is none. */
export async function userById(id: number): Promise<ListedUser | null> {
  const [row] = await db().select(listedColumns).from(users).where(eq(users.id, id));
  return row ?? null;
}

/** The user of an address, whatever its letter case; null when there is none. */
export async function findByEmail(email: string, executor: Executor = db()): Promise<User | null> {
  const [row] = await executor
    .select(userColumns)
    .from(users)
    .where(eq(users.emailKey, keyOf(email)));
  return row ?? null;
}

/** Every user, by id, narrowed by role and status. */
export async function listUsers(filter: { role?: Role | undefined; status?: Status | undefined }) {
  return db()
    .select(listedColumns)
    .from(users)
    .where(
      and(
        filter.role ? eq(users.role, filter.role) : undefined,
        filter.status ? eq(users.status, filter.status) : undefined,
      ),
    )
    .orderBy(asc(users.id));
}

/** How many users there are; of very many, about how many. */
export async function countUsers(): Promise<Count> {
  return countRows(sql`from ${users}`);
}

/** The user names of those ids; who is gone is missing. */
export async function usernamesOf(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db()
    .select({ id: users.id, username: users.username })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, username }) => [id, username]));
}

const isAfter = (id: number | undefined) => (id === undefined ? undefined : lt(users.id, id));

/** The id so many rows further on; null where the list ends before. */
async function idFurtherOn(id: number | undefined): Promise<number | null> {
  const [row] = await db()
    .select({ id: users.id })
    .from(users)
    .where(isAfter(id))
    .orderBy(desc(users.id))
    .limit(1)
    .offset(MOST_LOOKED_AT - 1);
  return row?.id ?? null;
}

/** Whether `q` is a part of a user name, an email or a name, or an id. */
export function isAbout(q: string): SQL | undefined {
  // The keys are lower-cased by the database; letters that it and we lower differently are rare
  // enough for a search.
  const part = normalIdentifier(q).toLowerCase();
  return or(
    containing(users.usernameKey, part),
    containing(users.emailKey, part),
    containing(sql`lower(${users.name})`, part),
    /^\d{1,15}$/.test(part) ? eq(users.id, Number(part)) : undefined,
  );
}

/** Since when somebody has an account, and when they last signed in; null when they are gone. */
export async function accountTimes(
  userId: number,
): Promise<{ createdAt: Date; lastSignInAt: Date | null } | null> {
  const [row] = await db()
    .select({ createdAt: users.createdAt, lastSignInAt: users.lastSignInAt })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

// "gatehouse1$2b$12$…": the mark, bcrypt's version, the cost.
const COST = sql`cast(substring(${users.passwordHash}, 15, 2) as unsigned)`;

/** How many active users of each role have a hash of another system or of a lower cost. */
export async function countOutdatedHashes(): Promise<Map<Role, number>> {
  const { PASSWORD_HASH_COST: cost } = settings();
  const isOutdated = or(notLike(users.passwordHash, "gatehouse1$%"), sql`${COST} < ${cost}`);
  // One that begins with ! is no password at all, and lets nobody in.
  const isUsable = notLike(users.passwordHash, "!%");
  const rows = await db()
    .select({ role: users.role, users: count() })
    .from(users)
    .where(and(eq(users.status, "active"), isUsable, isOutdated))
    .groupBy(users.role);
  return new Map(rows.map(({ role, users }) => [role, users]));
}

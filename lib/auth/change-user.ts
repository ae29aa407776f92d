import "server-only";
import { and, asc, eq, notLike } from "drizzle-orm";
import type { z } from "zod";
import { openAccount } from "@/lib/auth/closed-accounts";
import {
  generatePassword,
  hashPassword,
  isUsableHash,
  type PasswordForAnother,
} from "@/lib/auth/password";
import { db } from "@/lib/db/connection";
import { type Status, users } from "@/lib/db/schema";
import { inTransaction, type Transaction } from "@/lib/db/transaction";
import type { Device } from "@/lib/device";
import type { NewEvent } from "@/lib/events/event";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import type { Role } from "@/lib/roles";
import { type Actor, judgeActor } from "@/lib/session/authority";
import { endSessions } from "@/lib/session/end";
import { markRotationDue } from "@/lib/session/write";
import { countUsers } from "@/lib/users/find";
import type { NewUserInput } from "@/lib/users/input";
import {
  type DuplicateUser,
  type LockingOut,
  lockingOut,
  type NoSuchUser,
} from "@/lib/users/refusals";
import { normalIdentifier, type User } from "@/lib/users/user";
import {
  createInTransaction,
  createUser,
  lockAdministrators,
  lockUser,
  lockUsers,
  orDuplicate,
} from "@/lib/users/users";

/** Which user changes, and who does it where that is somebody signed in. */
export interface Change {
  readonly userId: number;
  readonly actor?: Actor;
  /** Takes away even the last active administrator; only where nobody signed in acts. */
  readonly force?: boolean;
  readonly device?: Device;
}

/** What is to be; what is left out stays. */
export interface UserChanges {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: Status | undefined;
}

/** The user after a change, and how many of their sessions it ended. */
export interface ChangedUser {
  readonly user: User;
  readonly ended: number;
}

/**
 * Changes a user. A new role counts at their next request, and their sessions get new secrets then,
 * since what an old one could do has changed (ASVS 7.2.4). Disabling ends every session of theirs.
 * Nobody can take their own role or account away, nor those of the last active administrator, unless
 * it is forced. Who is signed in must be an administrator with a fresh proof when it is written.
 * Throws AuthorityLost.
 */
export async function changeUser(
  change: Change,
  wanted: UserChanges,
  now: Date,
): Promise<ChangedUser | NoSuchUser | LockingOut | DuplicateUser> {
  const { actor } = change;
  return inTransaction(async (transaction) => {
    const administrators = await lockAdministrators(transaction);
    if (actor) await judgeActor(transaction, actor, { role: "admin", recentProof: true }, now);
    const before = await lockUser(transaction, change.userId);
    if (isRefused(before)) return before;
    const changes = differences(before, wanted);
    const after = { ...before, ...changes };
    const refused = lockingOut(actor?.user.id ?? null, before, after, administrators);
    if (refused && !change.force) return refused;
    if (Object.keys(changes).length === 0) return { user: before, ended: 0 };
    const written = await writeChanges(transaction, change.userId, changes);
    if (isRefused(written)) return written;
    await recordEvents(transaction, eventsOf(change, changes, now));
    if (changes.role) await markRotationDue(transaction, change.userId);
    return { user: after, ended: await endIfDisabled(transaction, change, changes, now) };
  });
}

type Changes = { -readonly [Field in keyof UserChanges]?: NonNullable<UserChanges[Field]> };

function differences(before: User, { name, email, role, status }: UserChanges): Changes {
  const changes: Changes = {};
  if (name !== undefined && name !== before.name) changes.name = name;
  if (email !== undefined && normalIdentifier(email) !== before.email)
    changes.email = normalIdentifier(email);
  if (role !== undefined && role !== before.role) changes.role = role;
  if (status !== undefined && status !== before.status) changes.status = status;
  return changes;
}

function writeChanges(transaction: Transaction, id: number, changes: Changes) {
  return orDuplicate(() => transaction.update(users).set(changes).where(eq(users.id, id)));
}

function eventsOf({ userId, actor, device }: Change, changes: Changes, now: Date): NewEvent[] {
  const common = { at: now, userId, actorId: actor?.user.id ?? null, device: device ?? null };
  const { status, ...rest } = changes;
  const fields = Object.keys(rest);
  const happened: NewEvent[] = [];
  // The fields by name; of their values only the role, which tells of nobody's life.
  if (fields.length > 0) {
    const detail = { fields, ...(rest.role ? { role: rest.role } : {}) };
    happened.push({ ...common, type: "user_updated", detail });
  }
  if (status)
    happened.push({ ...common, type: status === "disabled" ? "user_disabled" : "user_enabled" });
  return happened;
}

async function endIfDisabled(
  transaction: Transaction,
  { userId, actor, device }: Change,
  { status }: Changes,
  now: Date,
): Promise<number> {
  if (status !== "disabled") return 0;
  const by = { ...(actor ? { actorId: actor.user.id } : {}), ...(device ? { device } : {}) };
  return endSessions(transaction, { userId }, { reason: "user_disabled", ...by }, now);
}

/** What is stored of the password of a new user. */
interface PasswordToAdd extends Pick<PasswordForAnother, "passwordHash"> {
  readonly passwordIsTemporary?: boolean;
}

/**
 * Adds a user for somebody else. Their password is temporary, unless it is said to be their own: the
 * user replaces it before anything else opens. Who is signed in must be an administrator with a fresh
 * proof when it is written; without anybody, it is the command line. Throws AuthorityLost.
 */
export async function addUser(
  input: z.output<typeof NewUserInput>,
  { passwordHash, passwordIsTemporary = true }: PasswordToAdd,
  { actor, device }: { readonly actor?: Actor; readonly device?: Device },
  now: Date,
): Promise<User | DuplicateUser> {
  return inTransaction(async (transaction) => {
    if (actor) await judgeActor(transaction, actor, { role: "admin", recentProof: true }, now);
    const by = { actorId: actor?.user.id ?? null, device: device ?? null };
    return createInTransaction(
      transaction,
      { ...input, passwordHash, passwordIsTemporary },
      now,
      by,
    );
  });
}

/** The demo administrator of an empty embedded database; null when somebody is there already. */
export async function createFirstAdministrator(
  now: Date = new Date(),
): Promise<{ username: string; password: string } | null> {
  if ((await countUsers()).count > 0) return null;
  const password = generatePassword();
  const username = "admin";
  const passwordHash = await hashPassword(password);
  if (isRefused(passwordHash))
    throw new Error("no thread was free to hash the password of the demo administrator");
  const made = await createUser(
    {
      username,
      email: "admin@localhost",
      name: "Demo administrator",
      role: "admin",
      passwordHash,
    },
    now,
  );
  return isRefused(made) ? null : { username, password };
}

// Django's mark of a password that nobody has; seeded people have it, too.
const NO_PASSWORD = "!%";
const MOST_LOOKED_AT = 100;

/**
 * The user name of the first active administrator with a password. Null when nobody could get into
 * the console: a command has to make one.
 */
export async function administratorWhoCanSignIn(): Promise<string | null> {
  const rows = await db()
    .select({ username: users.username, hash: users.passwordHash })
    .from(users)
    .where(
      and(
        eq(users.role, "admin"),
        eq(users.status, "active"),
        notLike(users.passwordHash, NO_PASSWORD),
      ),
    )
    .orderBy(asc(users.id))
    .limit(MOST_LOOKED_AT);
  return rows.find(({ hash }) => isUsableHash(hash))?.username ?? null;
}

/**
 * Opens an account that wrong passwords have closed to strangers; whether it was closed. Who is
 * signed in must be an administrator with a fresh proof when it is written; without anybody, it is
 * the command line. Throws AuthorityLost.
 */
export async function openForUser(
  userId: number,
  { actor, device }: { readonly actor?: Actor; readonly device?: Device },
  now: Date,
): Promise<boolean | NoSuchUser> {
  return inTransaction(async (transaction) => {
    // Both in the order of their ids, so that two who act on one another wait in line.
    if (actor) await lockUsers(transaction, [actor.user.id, userId]);
    const authority = { role: "admin", recentProof: true } as const;
    const by = actor && (await judgeActor(transaction, actor, authority, now));
    const user = await lockUser(transaction, userId);
    if (isRefused(user)) return user;
    const who = { actorId: by?.id ?? null, device: device ?? null };
    return openAccount(transaction, user, { by: "administrator", ...who }, now);
  });
}

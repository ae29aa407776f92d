import "server-only";
import { type Column, type SQL, sql } from "drizzle-orm";
import { users } from "@/lib/db/schema";
import type { Executor, Transaction } from "@/lib/db/transaction";
import { recordEvents } from "@/lib/events/record";
import { isRefused } from "@/lib/refused";
import type { DuplicateUser } from "@/lib/users/refusals";
import { keyOf, normalIdentifier } from "@/lib/users/user";
import { type NewUser, orDuplicate } from "@/lib/users/users";

type Named = Pick<NewUser, "username" | "email">;

/** The user names and e-mails, in lower case, that somebody has among those that these people would have. */
export async function takenAmong(
  executor: Executor,
  people: readonly Named[],
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set();
  const { usernameKey, emailKey } = users;
  const names = people.map(({ username }) => username);
  const emails = people.map(({ email }) => email);
  // Two questions: an OR would lead the optimiser from both keys to the whole table.
  const sameNames = await executor
    .select({ key: usernameKey })
    .from(users)
    .where(isAmong(usernameKey, names));
  const sameEmails = await executor
    .select({ key: emailKey })
    .from(users)
    .where(isAmong(emailKey, emails));
  return new Set([...sameNames, ...sameEmails].map(({ key }) => key ?? ""));
}

function isAmong(key: Column, names: readonly string[]): SQL {
  return sql`${key} in (${sql.join(names.map(keyOf), sql`, `)})`;
}

/**
 * Adds many users who were made elsewhere, as a part of something larger; their ids by user name. Where one
 * has what another has already, that is refused, and whoever began the transaction rolls it back.
 */
export async function createMany(
  transaction: Transaction,
  people: readonly NewUser[],
  now: Date,
): Promise<ReadonlyMap<string, number> | DuplicateUser> {
  const rows = people.map((user) => ({
    createdAt: now,
    passwordSetAt: now,
    emailVerifiedAt: now,
    ...user,
    username: normalIdentifier(user.username),
    email: normalIdentifier(user.email),
  }));
  const inserted = await orDuplicate(() => transaction.insert(users).values(rows));
  if (isRefused(inserted)) return inserted;
  // Not counted on from the first: the nodes of a cluster leave numbers to one another.
  const made = await transaction
    .select({ id: users.id, username: users.username, role: users.role })
    .from(users)
    .where(
      isAmong(
        users.usernameKey,
        rows.map(({ username }) => username),
      ),
    );
  const events = made.map(({ id, role }) => ({
    type: "user_created" as const,
    at: now,
    userId: id,
    detail: { imported: true, role },
  }));
  await recordEvents(transaction, events);
  return new Map(made.map(({ id, username }) => [username, id]));
}

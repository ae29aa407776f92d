import "server-only";
import { and, asc, eq, notLike } from "drizzle-orm";
import { generatePassword, hashPassword, isUsableHash } from "@/lib/auth/password";
import { db } from "@/lib/db/connection";
import { users } from "@/lib/db/schema";
import { countUsers, createUser } from "@/lib/users/users";

/** The demo administrator of an empty embedded database; null when somebody is there already. */
export async function createFirstAdministrator(
  now: Date = new Date(),
): Promise<{ username: string; password: string } | null> {
  if ((await countUsers()) > 0) return null;
  const password = generatePassword();
  const username = "admin";
  await createUser(
    {
      username,
      email: "admin@localhost",
      name: "Demo administrator",
      role: "admin",
      passwordHash: await hashPassword(password),
    },
    now,
  );
  return { username, password };
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

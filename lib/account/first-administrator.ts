import "server-only";
import { generatePassword, hashPassword } from "@/lib/account/password";
import { countUsers, createUser } from "@/lib/account/users";

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

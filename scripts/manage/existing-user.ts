import type { User } from "@/lib/users/user";
import { findUser } from "@/lib/users/users";
import { Problem } from "../program";

/** The user of a name, an e-mail or an id; a Problem when there is none. */
export async function existingUser(handle: string): Promise<User> {
  const user = await findUser(handle);
  if (!user) throw new Problem(`There is no user ${handle}.`);
  return user;
}

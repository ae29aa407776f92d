import type { User } from "@/lib/users/user";

/** As much of a user as the frame of a page shows. */
export type Person = Pick<
  User,
  "id" | "username" | "email" | "name" | "role" | "passwordIsTemporary"
>;

export function displayName({ name, username }: Pick<Person, "name" | "username">): string {
  return name || username;
}

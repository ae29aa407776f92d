import type { Role } from "@/lib/db/schema";

/** As much of a user as the frame of a page shows. */
export type Person = { username: string; email: string; name: string; role: Role };

export function displayName({ name, username }: Pick<Person, "name" | "username">): string {
  return name || username;
}

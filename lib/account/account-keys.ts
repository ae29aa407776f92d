import { createHmac } from "node:crypto";
import { normalIdentifier } from "@/lib/account/identifier";
import type { User } from "@/lib/account/user";
import { settings } from "@/lib/env";

/** As much of a user as the throttle counts by. */
export type Account = Pick<User, "id" | "username" | "email">;

/** The account of a user at the throttle, by whatever identifier they sign in. */
export function accountOf(userId: number): string {
  return `user ${userId}`;
}

/** An identifier as it was typed. Keyed, since people type passwords there, too. */
export function typedAccount(identifier: string): string {
  const [secret = ""] = settings().SESSION_SECRET;
  const typed = normalIdentifier(identifier).toLowerCase();
  return createHmac("sha256", secret).update(`gatehouse throttle v1 ${typed}`).digest("hex");
}

/** Everything that an account is counted under. */
export function namesOf({ id, username, email }: Account): string[] {
  return [accountOf(id), typedAccount(username), typedAccount(email)];
}

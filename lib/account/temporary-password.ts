import "server-only";
import type { User } from "@/lib/account/user";

/** How long a password that somebody else made is good for. */
export const TEMPORARY_PASSWORD_DAYS = 7;

const DAY_MS = 86_400_000;

type PasswordFacts = Pick<User, "passwordIsTemporary" | "passwordSetAt">;

/** When a user's temporary password is over; null where the password is their own. */
export function temporaryPasswordEnd({ passwordIsTemporary, passwordSetAt }: PasswordFacts) {
  if (!passwordIsTemporary) return null;
  // Of one that nobody noted the time of it is not known how long it has been about.
  return new Date((passwordSetAt?.getTime() ?? 0) + TEMPORARY_PASSWORD_DAYS * DAY_MS);
}

/** Whether a user's password was temporary and its time is up: it fits no more (ASVS 6.4.1). */
export function isPasswordOver(user: PasswordFacts, now: Date): boolean {
  const end = temporaryPasswordEnd(user);
  return end !== null && now >= end;
}

import { bcryptCheck } from "@/lib/account/bcrypt-check";
import { argon2Check } from "@/lib/account/foreign-hash-argon2";
import { bcryptOfDigestCheck } from "@/lib/account/foreign-hash-bcrypt";
import { pbkdf2Check } from "@/lib/account/foreign-hash-pbkdf2";
import { scryptCheck } from "@/lib/account/foreign-hash-scrypt";
import type { Check } from "@/lib/account/hashing-threads";

/** Null for what it cannot read, and for what would cost too much. */
type Reader = (password: string, hash: string) => Check | null;

/** How other systems mark their hashes, and what reads what follows the mark. */
const FORMATS: readonly (readonly [mark: string, read: Reader])[] = [
  // Django's
  ["pbkdf2_", pbkdf2Check],
  ["bcrypt_sha256$", bcryptOfDigestCheck],
  ["bcrypt$", bcryptCheck],
  ["scrypt$", scryptCheck],
  ["argon2", argon2Check],
  // PHP's, and so Laravel's: no mark but the hash's own
  ["", bcryptCheck],
  ["", argon2Check],
];

/**
 * How to compare a password with a hash that another system made; null where the hash is unusable
 * or unknown. The password is taken as typed, in UTF-8, with no normal form: as those systems do.
 */
export function foreignCheck(password: string, stored: string): Check | null {
  for (const [mark, read] of FORMATS) {
    const check = stored.startsWith(mark) ? read(password, stored.slice(mark.length)) : null;
    if (check) return check;
  }
  return null;
}

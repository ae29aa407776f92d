import { bcryptCheck, besideStandIn } from "@/lib/account/bcrypt-check";
import { argon2Comparison } from "@/lib/account/foreign-hash-argon2";
import { bcryptOfDigestCheck } from "@/lib/account/foreign-hash-bcrypt";
import { pbkdf2Comparison } from "@/lib/account/foreign-hash-pbkdf2";
import { scryptComparison } from "@/lib/account/foreign-hash-scrypt";
import type { Check, Comparison } from "@/lib/account/hashing-threads";

/** Null for what it cannot read, and for what would cost too much. */
type Reader = (password: string, hash: string) => Check | null;

function padded(read: (password: string, hash: string) => Comparison | null): Reader {
  return (password, hash) => {
    const comparison = read(password, hash);
    return comparison && besideStandIn(comparison);
  };
}

/** How other systems mark their hashes, and what reads what follows the mark. */
const FORMATS: readonly (readonly [mark: string, read: Reader])[] = [
  // Django's
  ["pbkdf2_", padded(pbkdf2Comparison)],
  ["bcrypt_sha256$", bcryptOfDigestCheck],
  ["bcrypt$", bcryptCheck],
  ["scrypt$", padded(scryptComparison)],
  ["argon2", padded(argon2Comparison)],
  // PHP's, and so Laravel's: no mark but the hash's own
  ["", bcryptCheck],
  ["", padded(argon2Comparison)],
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

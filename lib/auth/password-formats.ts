import { createHash } from "node:crypto";
import type { Comparison, PaddedComparison } from "@/lib/auth/password-threads";
import { settings } from "@/lib/env";

// At 17 rounds one comparison holds a thread for nine seconds: no hash may ask for that.
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/;

// The salt and the hash of 32 random bytes that nobody kept: no password is known to fit.
const NOBODYS = ".feEtsa/jnqfDLRFSlAl6OQUMc8/MbK7yIANREdLisgGycFb4fCSO";

/** A bcrypt hash of this cost that no password is known to fit. */
export const standIn = (cost: number) => `$2b$${String(cost).padStart(2, "0")}$${NOBODYS}`;

/** The cost of a bcrypt hash: the binary logarithm of its rounds. Null where it is none. */
export function bcryptCost(hash: string): number | null {
  const [, cost] = BCRYPT.exec(hash) ?? [];
  return cost === undefined ? null : Number(cost);
}

/**
 * How to compare a text with a bcrypt hash; null where it is none. One of a lower cost than today's
 * takes as long as one of today's (Django calls it hardening): 2^c + 2^c + 2^(c+1) + … is 2^today.
 */
export function bcryptComparison(password: string, bcrypt: string): PaddedComparison | null {
  const cost = bcryptCost(bcrypt);
  if (cost === null) return null;
  const missing = Math.max(settings().PASSWORD_HASH_COST - cost, 0);
  const padding = Array.from({ length: missing }, (_, more) => standIn(cost + more));
  return { kind: "bcrypt", password, bcrypt, padding };
}

/**
 * A comparison of another kind, and one at today's cost besides: every try does at least the work of
 * a hash of ours, whatever its own kind asks for.
 */
export function besideStandIn(comparison: Comparison): PaddedComparison {
  return { ...comparison, padding: [standIn(settings().PASSWORD_HASH_COST)] };
}

/** What is compared for nobody: the work of a hash of today's cost, and never a fit. */
export function standInComparison(password: string): PaddedComparison {
  const bcrypt = standIn(settings().PASSWORD_HASH_COST);
  return { kind: "bcrypt", password, bcrypt, padding: [] };
}

/** Null for what it cannot read, and for what would cost too much. */
type Reader = (password: string, hash: string) => PaddedComparison | null;

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
  ["bcrypt_sha256$", bcryptOfDigestComparison],
  ["bcrypt$", bcryptComparison],
  ["scrypt$", padded(scryptComparison)],
  ["argon2", padded(argon2Comparison)],
  // PHP's, and so Laravel's: no mark but the hash's own
  ["", bcryptComparison],
  ["", padded(argon2Comparison)],
];

/**
 * How to compare a password with a hash that another system made; null where the hash is unusable
 * or unknown. The password is taken as typed, in UTF-8, with no normal form: as those systems do.
 */
export function legacyComparison(password: string, stored: string): PaddedComparison | null {
  for (const [mark, read] of FORMATS) {
    const comparison = stored.startsWith(mark) ? read(password, stored.slice(mark.length)) : null;
    if (comparison) return comparison;
  }
  return null;
}

// Without its version it is of the first one, 16.
const ARGON2 =
  /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=([1-9]\d{0,5}),t=([1-9]\d{0,2}),p=([1-9]\d?)\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,86}$/;
// 128 MiB for each thread that compares passwords; Django's own is 100.
const MOST_KIBIBYTES = 2 ** 17;
// A gibibyte written in all: about a second; Django's own is a fifth of it, PHP's a quarter.
const MOST_ARGON2_WORK = 2 ** 20;
const MOST_LANES = 16;

/** `$argon2id$v=…$m=…,t=…,p=…$salt$key`, as all write it. */
export function argon2Comparison(password: string, argon2: string): Comparison | null {
  const [, m, t, p] = ARGON2.exec(argon2) ?? [];
  const [kibibytes, passes, lanes] = [Number(m), Number(t), Number(p)];
  const isBearable = kibibytes <= MOST_KIBIBYTES && kibibytes * passes <= MOST_ARGON2_WORK;
  // Argon2 itself asks for 8 blocks a lane.
  if (!isBearable || lanes > MOST_LANES || kibibytes < 8 * lanes) return null;
  return { kind: "argon2", password, argon2 };
}

/** Django's `bcrypt_sha256`: bcrypt of the SHA-256 in hex letters, so that no byte is cut off. */
export function bcryptOfDigestComparison(password: string, hash: string): PaddedComparison | null {
  return bcryptComparison(createHash("sha256").update(password).digest("hex"), hash);
}

const PBKDF2 = /^(sha256|sha1)\$([1-9]\d{0,7})\$([^$]{1,128})\$([A-Za-z0-9+/]{27,43}=)$/;
const KEY_BYTES: Readonly<Record<string, number>> = { sha256: 32, sha1: 20 };
// Two seconds; Django itself asks for a million, and for more with each version.
const MOST_ITERATIONS = 6_000_000;

/** `sha256$iterations$salt$key`, as Django has it behind `pbkdf2_`. */
export function pbkdf2Comparison(password: string, hash: string): Comparison | null {
  const [, digest = "", rounds, salt = "", base64 = ""] = PBKDF2.exec(hash) ?? [];
  const iterations = Number(rounds);
  const key = Buffer.from(base64, "base64");
  if (key.length !== KEY_BYTES[digest] || iterations > MOST_ITERATIONS) return null;
  return { kind: "pbkdf2", password, digest, iterations, salt, key };
}

const SCRYPT = /^([1-9]\d{0,7})\$([^$]{1,128})\$([1-9]\d?)\$([1-9]\d?)\$([A-Za-z0-9+/]{86}==)$/;
// Of 128 bytes each: 64 MiB. Django's own cost is a quarter of it.
const MOST_BLOCKS = 2 ** 19;
// A second or two; Django's own is a sixth of it.
const MOST_SCRYPT_WORK = 2 ** 22;

/** `N$salt$r$p$key`, as Django has it behind `scrypt$`. */
export function scryptComparison(password: string, hash: string): Comparison | null {
  const [, n, salt = "", r, p, base64 = ""] = SCRYPT.exec(hash) ?? [];
  const [cost, blockSize, parallelization] = [Number(n), Number(r), Number(p)];
  const blocks = cost * blockSize;
  // scrypt knows no other numbers than powers of two, from 2 on.
  const isPower = cost > 1 && Number.isInteger(Math.log2(cost));
  const isBearable = blocks <= MOST_BLOCKS && blocks * parallelization <= MOST_SCRYPT_WORK;
  if (!isPower || !isBearable) return null;
  const key = Buffer.from(base64, "base64");
  return { kind: "scrypt", password, cost, blockSize, parallelization, salt, key };
}

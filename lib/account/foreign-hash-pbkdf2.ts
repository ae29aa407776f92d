import type { Comparison } from "@/lib/account/hashing-threads";

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

import type { Check, Comparison } from "@/lib/account/hashing-threads";
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
export function bcryptCheck(password: string, bcrypt: string): Check | null {
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
export function besideStandIn(comparison: Comparison): Check {
  return { ...comparison, padding: [standIn(settings().PASSWORD_HASH_COST)] };
}

/** What is compared for nobody: the work of a hash of today's cost, and never a fit. */
export function standInCheck(password: string): Check {
  const bcrypt = standIn(settings().PASSWORD_HASH_COST);
  return { kind: "bcrypt", password, bcrypt, padding: [] };
}

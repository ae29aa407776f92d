import "server-only";
import { createHmac, randomInt } from "node:crypto";
import { compareInThread, hashInThread } from "@/lib/account/hashing-threads";

const COST = 12;
/** Says how the bcrypt hash behind it was made; hashes from elsewhere will have marks of their own. */
const MARK = "gatehouse1";
const BCRYPT = /^\$2b\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

// A hash of 32 random bytes that nobody kept: what a sign-in for nobody is compared with.
const STAND_IN = "$2b$12$.feEtsa/jnqfDLRFSlAl6OQUMc8/MbK7yIANREdLisgGycFb4fCSO";

/** Nothing longer is taken: the door says so, and no thread is kept busy by it. */
export const LONGEST_PASSWORD = 256;

/** How many characters a password has: those of its NFC form, an emoji being one. */
export function passwordLength(password: string): number {
  return Array.from(password.normalize("NFC")).length;
}

/** The hash of a password to store. Throws HashingBusy. */
export async function hashPassword(password: string): Promise<string> {
  return `${MARK}${await hashInThread(condense(password), COST)}`;
}

/**
 * Whether a password fits a stored hash. Null for no user, or for a hash that is unusable: the
 * same work is done and the answer is no, so that the time tells nothing (ASVS 6.3.8).
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const hash = stored?.startsWith(MARK) ? stored.slice(MARK.length) : "";
  const isUsable = BCRYPT.test(hash);
  const fits = await compareInThread(condense(password), isUsable ? hash : STAND_IN);
  return isUsable && fits;
}

// No letters or digits that are mistaken for one another.
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** A random password that a person can copy by hand: 123 bits. */
export function generatePassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

/**
 * bcrypt reads 72 bytes and no more: a keyed digest first makes every byte of the password count,
 * and base64 leaves no NUL in it. The key is a label, not a pepper: a pepper could never be
 * rotated. NFC, so that the same letters from another keyboard fit (NIST 800-63B).
 */
function condense(password: string): string {
  return createHmac("sha384", "gatehouse password v1")
    .update(password.normalize("NFC"))
    .digest("base64");
}

import { settings } from "@/lib/env";
import type { User } from "@/lib/users/user";

/** Whom a password is for, as far as its rules ask. */
export type Person = Pick<User, "username" | "email" | "name">;

const PRODUCT = "gatehouse";
const SHORTEST_WORD = 3;

/**
 * What somebody who knows the person and this site would try first (ASVS 6.2.11): lower-cased,
 * the longest first.
 */
export function contextWords({ username, email, name }: Person): string[] {
  const [local = "", domain = ""] = email.split(/@(?=[^@]*$)/);
  const host = settings().APP_URL.hostname;
  const told = [PRODUCT, name, username, local, withoutTopLevel(domain), withoutTopLevel(host)];
  const words = [email, domain, ...told, ...told.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))];
  const known = new Set(words.map((word) => word.normalize("NFC").toLowerCase()));
  return [...known]
    .filter((word) => word.length >= SHORTEST_WORD)
    .sort((a, b) => b.length - a.length);
}

// Nobody's own: "com", and "localhost".
function withoutTopLevel(host: string): string {
  return host.replace(/\.?[^.]*$/, "");
}

/** Nothing longer is taken: the door says so, and no thread is kept busy by it. */
export const LONGEST_PASSWORD = 256;

/** How many characters a password has: those of its NFC form, an emoji being one. */
export function passwordLength(password: string): number {
  return Array.from(password.normalize("NFC")).length;
}

/**
 * How many characters of a password count: those that are left without the own words, which
 * `contextWords` names (ASVS 6.2.11). The browser asks this, too.
 */
export function countedLength(password: string, ownWords: readonly string[]): number {
  const typed = password.normalize("NFC").toLowerCase();
  return passwordLength(ownWords.reduce((left, word) => left.replaceAll(word, ""), typed));
}

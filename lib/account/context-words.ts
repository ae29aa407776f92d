import type { User } from "@/lib/account/user";
import { settings } from "@/lib/env";

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

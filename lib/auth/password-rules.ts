import "server-only";
import { isBlocked } from "@/lib/auth/blocklist";
import { countedLength, LONGEST_PASSWORD, passwordLength } from "@/lib/auth/password-length";
import { type Busy, strengthInThread } from "@/lib/auth/password-threads";
import { BRAND } from "@/lib/brand";
import { settings } from "@/lib/env";
import { isRefused, type Refused } from "@/lib/refused";
import type { User } from "@/lib/users/user";

/** Whom a password is for, as far as its rules ask. */
export type Person = Pick<User, "username" | "email" | "name">;

const SHORTEST_WORD = 3;

/**
 * What somebody who knows the person and this site would try first (ASVS 6.2.11): lower-cased,
 * the longest first.
 */
export function contextWords({ username, email, name }: Person): string[] {
  const [local = "", domain = ""] = email.split(/@(?=[^@]*$)/);
  const host = settings().APP_URL.hostname;
  const told = [BRAND.name, name, username, local, withoutTopLevel(domain), withoutTopLevel(host)];
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

/** A new password that breaks a rule. */
export interface UnfitPassword extends Refused<"unfit_password"> {
  /** Which one, as a sentence. */
  readonly fault: string;
}

/**
 * Why a new password cannot be taken; null when it can. Length, being easy to guess, and what is
 * known of the person are asked, its composition never (ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11,
 * 6.2.12). Throws BlocklistUnavailable.
 */
export async function refusedPassword(
  password: string,
  person: Person,
): Promise<UnfitPassword | Busy | null> {
  const ownWords = contextWords(person);
  const fault = lengthFault(password) ?? ownWordsFault(password, ownWords);
  if (fault) return unfit(fault);
  const ease = await easeFault(password, ownWords);
  if (isRefused(ease)) return ease;
  const known = ease ?? (await blocklistFault(password));
  return known === null ? null : unfit(known);
}

export function unfit(fault: string): UnfitPassword {
  return { refused: "unfit_password", fault };
}

function lengthFault(password: string): string | null {
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const length = passwordLength(password);
  if (length < least)
    return `The password must have ${least} characters or more; this one has ${length}.`;
  if (length > LONGEST_PASSWORD)
    return `The password must have ${LONGEST_PASSWORD} characters or fewer.`;
  return null;
}

function ownWordsFault(password: string, ownWords: readonly string[]): string | null {
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const length = countedLength(password, ownWords);
  if (length >= least) return null;
  return `Name, user name, email and the name of this site are easy to guess and do not count: without them this password has ${length} characters, and ${least} are needed.`;
}

// By zxcvbn's names for what makes a password easy; what is not here speaks for itself.
const BECAUSE: Readonly<Record<string, string>> = {
  straightRow: "It is a row of keys.",
  keyPattern: "It follows the keys.",
  simpleRepeat: "It says the same character again and again.",
  extendedRepeat: "It says the same again and again.",
  sequences: "It counts on, such as abc or 345.",
  recentYears: "It is a year.",
  dates: "It is a date.",
  topTen: "It is made of passwords that are tried first.",
  topHundred: "It is made of passwords that are tried first.",
  similarToCommon: "It is close to a password that is tried first.",
  userInputs: "It is made of your own name and the like.",
};
const ADVICE = "Choose another, such as a few words that do not belong together.";

async function easeFault(
  password: string,
  ownWords: readonly string[],
): Promise<string | null | Busy> {
  const strength = await strengthInThread(password, ownWords);
  if (isRefused(strength)) return strength;
  const { isEasy, reason } = strength;
  if (!isEasy) return null;
  if (reason === "common") return `This is one of the passwords that are tried first. ${ADVICE}`;
  const because = BECAUSE[reason ?? ""];
  return ["This password is easy to guess.", because, ADVICE].filter(Boolean).join(" ");
}

async function blocklistFault(password: string): Promise<string | null> {
  if (!(await isBlocked(password))) return null;
  return `This password is on a list of passwords that are known to others. ${ADVICE}`;
}

import "server-only";
import { isBlocked } from "@/lib/auth/blocklist";
import { strengthInThread } from "@/lib/auth/password-threads";
import {
  contextWords,
  countedLength,
  LONGEST_PASSWORD,
  type Person,
  passwordLength,
} from "@/lib/auth/password-words";
import { settings } from "@/lib/env";

/**
 * Why a new password cannot be taken, as a sentence; null when it can. Length, being easy to guess,
 * and what is known of the person are asked, its composition never (ASVS 6.2.1, 6.2.4, 6.2.5,
 * 6.2.9, 6.2.11, 6.2.12). Throws HashingBusy and BlocklistUnavailable.
 */
export async function passwordFault(password: string, person: Person): Promise<string | null> {
  const ownWords = contextWords(person);
  return (
    lengthFault(password) ??
    ownWordsFault(password, ownWords) ??
    (await easeFault(password, ownWords)) ??
    blocklistFault(password)
  );
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

async function easeFault(password: string, ownWords: readonly string[]): Promise<string | null> {
  const { isEasy, reason } = await strengthInThread(password, ownWords);
  if (!isEasy) return null;
  if (reason === "common") return `This is one of the passwords that are tried first. ${ADVICE}`;
  const because = BECAUSE[reason ?? ""];
  return ["This password is easy to guess.", because, ADVICE].filter(Boolean).join(" ");
}

async function blocklistFault(password: string): Promise<string | null> {
  if (!(await isBlocked(password))) return null;
  return `This password is on a list of passwords that are known to others. ${ADVICE}`;
}

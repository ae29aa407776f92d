import { contextWords, type Person } from "@/lib/account/context-words";
import { LONGEST_PASSWORD, passwordLength } from "@/lib/account/password";
import { isCommonPassword } from "@/lib/account/password-list";
import { settings } from "@/lib/env";

const COMMON =
  "This is one of the passwords that are tried first. Choose another, such as a few words that do not belong together.";

/**
 * Why a new password cannot be taken, as a sentence; null when it can. Length, being common, and
 * what is known of the person are asked, its composition never (ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9,
 * 6.2.11, 6.2.12).
 */
export async function passwordFault(password: string, person: Person): Promise<string | null> {
  const fault = lengthFault(password) ?? ownWordsFault(password, person);
  return fault ?? ((await isCommonPassword(password)) ? COMMON : null);
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

function ownWordsFault(password: string, person: Person): string | null {
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const typed = password.normalize("NFC").toLowerCase();
  const rest = contextWords(person).reduce((left, word) => left.replaceAll(word, ""), typed);
  const length = passwordLength(rest);
  if (rest === typed || length >= least) return null;
  return `Name, user name, email and the name of this site are easy to guess and do not count: without them this password has ${length} characters, and ${least} are needed.`;
}

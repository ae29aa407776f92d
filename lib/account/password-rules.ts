import { LONGEST_PASSWORD, passwordLength } from "@/lib/account/password";
import { settings } from "@/lib/env";

/** Why a new password cannot be taken, as a sentence; null when it can (ASVS 6.2.1, 6.2.9). */
export function passwordFault(password: string): string | null {
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const length = passwordLength(password);
  if (length < least)
    return `The password must have ${least} characters or more; this one has ${length}.`;
  if (length > LONGEST_PASSWORD)
    return `The password must have ${LONGEST_PASSWORD} characters or fewer.`;
  return null;
}

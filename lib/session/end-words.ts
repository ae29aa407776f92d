import type { EndReason } from "@/lib/db/schema";

const WORDS: Record<EndReason, string> = {
  signed_out: "Signed out",
  idle: "Ran out after a long time without activity",
  absolute: "Reached the longest time that a session may last",
  revoked: "Ended from another device of the same user",
  revoked_by_admin: "Ended by an administrator",
  password_changed: "The password was changed",
  user_disabled: "The account was disabled",
  limit: "Too many sessions at once: this was the oldest",
  reset: "All sessions of the site were ended",
};

/** Why a session ended, in plain words; a reason that is not known stands for itself. */
export function endWords(reason: string): string {
  return Object.hasOwn(WORDS, reason) ? WORDS[reason as EndReason] : reason; // It is a key.
}

import type { Tone } from "@/app/_ui/tone";
import type { LoggedEvent } from "@/lib/events/read";
import { endWords } from "@/lib/session/history";

/** What each type of event is called; the order is that of the list to choose from. */
export const EVENT_NAMES = {
  sign_in: "Signed in",
  sign_in_failed: "Sign-in failed",
  sign_in_throttled: "Sign-in held back",
  sign_out: "Signed out",
  session_revoked: "Session ended",
  session_expired: "Session ran out",
  sessions_cleared: "All sessions cleared",
  password_changed: "Password changed",
  reauthenticated: "Password given again",
  user_created: "User added",
  user_updated: "User changed",
  user_disabled: "User disabled",
  user_enabled: "User enabled",
  secret_rejected: "Stale cookie refused",
  password_reset_requested: "New password asked for",
  password_reset: "Password set by a link",
  email_changed: "Email changed",
  email_verified: "Email confirmed",
  user_invited: "User invited",
  user_registered: "Signed up",
  user_erased: "Account deleted",
  new_device: "New device",
  session_reported: "Reported: “this was not me”",
  factor_added: "Second factor added",
  factor_removed: "Second factor removed",
  factors_reset: "Second factors reset",
  recovery_code_used: "Recovery code used",
  second_factor_failed: "Wrong second factor",
  session_adopted: "Signed in from Django",
} as const satisfies Record<LoggedEvent["type"], string>;

const TONES = new Map<LoggedEvent["type"], Tone>([
  ["sign_in", "success"],
  ["sign_in_failed", "warning"],
  ["sign_in_throttled", "danger"],
  ["user_disabled", "warning"],
  ["secret_rejected", "danger"],
  ["session_reported", "danger"],
  ["factors_reset", "warning"],
  ["recovery_code_used", "warning"],
  ["second_factor_failed", "warning"],
]);

export function eventTone(type: LoggedEvent["type"]): Tone {
  return TONES.get(type) ?? "neutral";
}

const CAUSES = new Map([
  ["unknown", "Nobody has that name"],
  ["wrong_password", "Wrong password"],
  ["disabled", "The account is disabled"],
  ["temporary_password_over", "The temporary password had run out"],
]);

const COUNTERS = new Map([
  ["pair", "Too many wrong passwords from one address"],
  ["address", "Too many tries from one network"],
  ["account", "Too many wrong passwords in a row"],
  ["device", "Too many wrong passwords from a browser of theirs"],
]);

const OPENINGS = new Map([
  ["sign_in", "Opened again by signing in from a browser of theirs"],
  ["new_password", "Opened again by a new password"],
  ["administrator", "Opened again"],
]);

/** What else an event tells, as a sentence; empty where its name says all. */
export function eventDetail({ type, detail }: LoggedEvent): string {
  const { reason, cause, role, fields, sessions, during } = detail;
  // Its name says it.
  if (type === "sign_out") return "";
  if (type === "secret_rejected")
    return "A cookie came with another secret than the session's: a copy, or long out of date.";
  if (type === "password_changed" && detail.temporary === true) return "A temporary one was set";
  if (type === "sessions_cleared") return `${String(sessions)} sessions of everybody were ended.`;
  if (typeof reason === "string") return endWords(reason);
  if (typeof cause === "string") {
    const where = during === "reauthentication" ? ", while asked again" : "";
    return `${CAUSES.get(cause) ?? cause}${where}`;
  }
  if (type === "sign_in_throttled") return heldBackWords(detail);
  if (typeof detail.opened === "string") return OPENINGS.get(detail.opened) ?? "Opened again";
  const changed = Array.isArray(fields) ? `Changed: ${fields.join(", ")}` : "";
  return [changed, role ? `role: ${String(role)}` : ""].filter(Boolean).join("; ");
}

function heldBackWords({ counter, closed, suppressed }: LoggedEvent["detail"]): string {
  const words = COUNTERS.get(String(counter)) ?? "";
  if (closed === true) return `${words}: the account is closed`;
  return suppressed ? `${words}; ${String(suppressed)} more before this one` : words;
}

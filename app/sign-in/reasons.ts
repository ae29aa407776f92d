import type { Tone } from "@/app/_ui/tone";

type Reason = { tone: Tone; text: string };

/** What `?reason=` may say. A value that is not here shows nothing: anyone can write a link. */
const REASONS = new Map<string, Reason>([
  ["signed_out", { tone: "success", text: "You are signed out." }],
  ["idle", { tone: "info", text: "You were signed out after a long time without activity." }],
  [
    "absolute",
    { tone: "info", text: "It has been a long time since you signed in. Please sign in again." },
  ],
  [
    "revoked",
    {
      tone: "warning",
      text: "This session was ended from another device of yours. If that was not you, sign in and change your password.",
    },
  ],
  [
    "revoked_by_admin",
    { tone: "warning", text: "An administrator ended this session. You can sign in again." },
  ],
  [
    "password_changed",
    { tone: "info", text: "Your password was changed. Please sign in with the new one." },
  ],
  // Says no more than the others: the state of an account is told to nobody who is not signed in.
  [
    "user_disabled",
    {
      tone: "info",
      text: "Your session has ended. If you cannot sign in again, ask an administrator.",
    },
  ],
  [
    "limit",
    {
      tone: "info",
      text: "You signed in on another device, and the number of sessions is limited: this one was the oldest.",
    },
  ],
  ["reset", { tone: "info", text: "All sessions of this site were ended. Please sign in again." }],
  ["account_closed", { tone: "info", text: "Your account is closed, as you asked." }],
  ["password_reset", { tone: "info", text: "A new password was set. Please sign in with it." }],
  [
    "reported",
    {
      tone: "warning",
      text: "This session was reported as not being its owner’s, so everybody was signed out of the account. Its owner has mail with a link to set a new password.",
    },
  ],
  [
    "factor_changed",
    {
      tone: "info",
      text: "The second factors of your account were changed, so you were signed out here. Please sign in again.",
    },
  ],
  ["django_signed_out", { tone: "info", text: "You signed out on the other site." }],
  [
    "step_over",
    { tone: "info", text: "That took too long, or something has changed. Please sign in again." },
  ],
  ["password_set", { tone: "success", text: "Your password is set. Please sign in with it." }],
  ["email_verified", { tone: "success", text: "Your address is confirmed. Please sign in." }],
  ["account_kept", { tone: "success", text: "Your account is kept. Please sign in." }],
  ["factors_kept", { tone: "success", text: "Your second factor stays. Please sign in." }],
  [
    "several_users",
    {
      tone: "warning",
      text: "Your browser was signed in to more than one account at once, so it was signed out of all of them. Please sign in again. If this keeps happening, delete this site’s cookies in your browser’s settings.",
    },
  ],
  ["unknown", { tone: "info", text: "Your session has ended. Please sign in again." }],
]);

const PENDING: Reason = {
  tone: "warning",
  text: "You are signed out in this browser. Our database could not be reached: your session ends there as soon as it can be.",
};

/** Instead of any reason, where a cookie that was taken away has come back. */
export const COOKIE_BACK: Reason = {
  tone: "warning",
  text: "Another site keeps signing your browser in to a different account here. We asked your browser to delete all cookies of this site. Please sign in again. If you still see this message, close other tabs, delete this site’s cookies in your browser’s settings, and tell an administrator.",
};

export function reasonNotice(reason: unknown, pending?: unknown): Reason | null {
  if (reason === "signed_out" && pending === "1") return PENDING;
  return typeof reason === "string" ? (REASONS.get(reason) ?? null) : null;
}

import type { MailKind } from "@/lib/mail/drafts";

const WORDS = {
  password_reset: "Link to set a new password",
  password_was_reset: "Password set by a link",
  password_changed: "Password changed",
  email_verification: "Link to confirm an address",
  email_changed: "Address changed, with the way back",
  email_replaced: "Address changed by an administrator",
  invitation: "Invitation",
  sign_up_known: "Sign-up with a known address",
  sign_up_name_taken: "Sign-up with a taken user name",
  new_device: "New device",
  role_changed: "Role changed",
  factor_added: "Second factor added",
  factor_removed: "Second factor removed",
  recovery_codes_replaced: "New recovery codes",
  recovery_code_used: "Recovery code used",
  factors_resetting: "Second factors to be removed",
  factors_were_reset: "Second factors removed",
  account_closing: "Account to be deleted",
} as const satisfies Record<MailKind, string>;

/** What each kind of mail is called in the console; rows of another version may hold others. */
export const KIND_WORDS: ReadonlyMap<string, string> = new Map(Object.entries(WORDS));

import {
  Detail,
  type Draft,
  type Facts,
  FORGOTTEN,
  happened,
  type Site,
  type Told,
  type Write,
} from "@/lib/mail/draft-parts";
import { FACTOR_DRAFTS } from "@/lib/mail/factor-drafts";
import { ROLE_WORDS } from "@/lib/roles";

const NOTHING_TO_DO = "If it wasn’t you, there is nothing you need to do.";

const DRAFTS = {
  password_reset: (_, { name }) => ({
    subject: `Set a new password for ${name}`,
    parts: [
      `Here is the link to set a new password for your ${name} account. You, or somebody on your behalf, asked for it.`,
      { path: "/reset-password", label: "Set a new password" },
      "The link works once, for the next 20 minutes. If you asked more than once, only the newest link works.",
      "Didn’t ask for this? You can ignore this mail: nothing has changed, and nobody can change your password without this link.",
    ],
  }),
  password_was_reset: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `A new password was set for your ${name} account by a link that we mailed to this address. You were signed out everywhere; please sign in with the new password.`,
      happened(detail),
      "If it wasn’t you, somebody else can read your mail. Change the password of your mailbox first, then set a new one here, and tell whoever runs the site.",
      FORGOTTEN,
    ],
  }),
  password_changed: (detail, { name }) => ({
    subject: `Your ${name} password was changed`,
    parts: [
      `The password of your ${name} account was changed. All your other devices were signed out.`,
      happened(detail),
      "If that was you, all is well. If it wasn’t, set a new password right away, and tell whoever runs the site.",
      FORGOTTEN,
    ],
  }),
  email_verification: (_, { name }) => ({
    subject: `Confirm your address for ${name}`,
    parts: [
      `Please confirm that this is your address, so that your ${name} account can use it.`,
      { path: "/verify-email", label: "Confirm this address" },
      "The link works once, for the next 24 hours.",
      `${NOTHING_TO_DO} The address won’t be used unless it is confirmed.`,
    ],
  }),
  email_changed: (detail, { name }) => ({
    subject: `The address of your ${name} account was changed`,
    parts: [
      `Your ${name} account now uses another address. We won’t write to this one any more.`,
      [["New address", detail.email]],
      "If that was you, all is well. If it wasn’t, take the account back: it gets this address again, everybody is signed out, and we mail you a link to set a new password.",
      { path: "/take-back", label: "Take it back" },
      "The link works once, for the next 7 days.",
    ],
  }),
  email_replaced: (detail, { name }) => ({
    subject: `The address of your ${name} account was changed`,
    parts: [
      `An administrator gave your ${name} account another address. Mails go there from now on.`,
      [["New address", detail.email], ...happened(detail)],
      "If you didn’t expect this, ask whoever runs the site.",
    ],
  }),
  invitation: (detail, { name }) => ({
    subject: `You are invited to ${name}`,
    parts: [
      ...hello(detail),
      `There is an account waiting for you at ${name}. Choose a password for it, and you can sign in.`,
      [["Your user name", detail.username]],
      { path: "/invitation", label: "Choose a password" },
      "The link works once, for the next 24 hours. If that is over, ask whoever invited you for another.",
    ],
  }),
  sign_up_known: (_, { name }) => ({
    subject: `You already have an account at ${name}`,
    parts: [
      `Somebody, probably you, has just entered this address at ${name}. It belongs to an account already, so nothing was changed. Sign in with the password that you have, or set a new one.`,
      FORGOTTEN,
      NOTHING_TO_DO,
    ],
  }),
  sign_up_name_taken: (_, { name }) => ({
    subject: `Please choose another user name for ${name}`,
    parts: [
      `You were about to sign up at ${name}, but somebody else already has the user name that you chose. Please sign up again with another one.`,
      { path: "/sign-up", label: "Choose another user name", isPlain: true },
      NOTHING_TO_DO,
    ],
  }),
  new_device: (detail, { name }) => ({
    subject: `A new device signed in to ${name}`,
    parts: [
      `Your ${name} account was signed in to from a browser that we haven’t seen you use before.`,
      happened(detail),
      "If that was you, all is well. If it wasn’t, open the link below and confirm: every device is signed out, your password stops working, and we mail you a link to set a new one.",
      { path: "/not-me", label: "This was not me" },
      "The link works once, for the next 7 days.",
    ],
  }),
  role_changed: (detail, { name }) => ({
    subject: `Your role at ${name} was changed`,
    parts: [
      `An administrator gave your ${name} account another role.`,
      [...roleWords(detail), ...happened(detail)],
      "If you didn’t expect this, ask whoever runs the site.",
    ],
  }),
  ...FACTOR_DRAFTS,
  account_closing: (_, { name }) => ({
    subject: `Your ${name} account will be deleted in 7 days`,
    parts: [
      `You asked us to delete your ${name} account. You are signed out everywhere, and in 7 days the account and what we keep about you will be gone for good.`,
      "Changed your mind, or wasn’t it you? Until then you can keep the account by this link, or just by signing in.",
      { path: "/take-back", label: "Keep my account" },
    ],
  }),
} satisfies Record<string, Write>;

/** What a mail tells. */
export type MailKind = keyof typeof DRAFTS;

const hello = ({ name }: { name: string }) => (name ? [`Hello ${name},`] : []);

const roleWords = ({ role }: Told): Facts => (role ? [["Role", ROLE_WORDS[role].name]] : []);

/** What a mail is to say. Throws for an unknown kind. */
export function draftOf(kind: string, detail: unknown, site: Site): Draft {
  if (!isMailKind(kind)) throw new Error(`no mail is called ${kind}`);
  return DRAFTS[kind](Detail.parse(detail), site);
}

function isMailKind(kind: string): kind is MailKind {
  return Object.hasOwn(DRAFTS, kind);
}

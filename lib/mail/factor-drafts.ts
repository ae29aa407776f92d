import { FORGOTTEN, happened, momentWords, type Told, type Write } from "@/lib/mail/draft-parts";

const NOT_YOU =
  "If that was you, all is well. If it wasn’t, set a new password right away, and tell whoever runs the site.";

/** What is told of second factors. */
export const FACTOR_DRAFTS = {
  factor_added: (detail, { name }) => ({
    subject: `A second factor was added to your ${name} account`,
    parts: [
      `From now on, signing in to your ${name} account takes more than the password. All your other devices were signed out.`,
      happened(detail),
      NOT_YOU,
      FORGOTTEN,
    ],
  }),
  factor_removed: (detail, { name }) => ({
    subject: `A second factor of your ${name} account was removed`,
    parts: [
      `A second factor was removed from your ${name} account. All your other devices were signed out.`,
      happened(detail),
      NOT_YOU,
      FORGOTTEN,
    ],
  }),
  recovery_codes_replaced: (detail, { name }) => ({
    subject: `New recovery codes for your ${name} account`,
    parts: [
      `New recovery codes were made for your ${name} account. The ones from before no longer work.`,
      happened(detail),
      NOT_YOU,
      FORGOTTEN,
    ],
  }),
  recovery_code_used: (detail, { name }) => ({
    subject: `A recovery code of your ${name} account was used`,
    parts: [
      `Somebody, probably you, has just used a recovery code of your ${name} account. ${codesLeft(detail)}`,
      happened(detail),
      NOT_YOU,
      FORGOTTEN,
    ],
  }),
  factors_resetting: (detail, { name }) => ({
    subject: `The second factors of your ${name} account will be removed`,
    parts: [
      `An administrator was asked to remove the second factors of your ${name} account, so that the password alone signs in again.`,
      [["They are removed on", detail.at ? momentWords(detail.at) : ""]],
      "If you asked for this, there is nothing to do. If you didn’t, stop it now, and tell whoever runs the site.",
      { path: "/take-back", label: "Keep my second factors" },
    ],
  }),
  factors_were_reset: (detail, { name }) => ({
    subject: `The second factors of your ${name} account were removed`,
    parts: [
      `Your ${name} account now has no second factor: the password alone signs in.`,
      happened(detail),
      "Please set one up again once you have signed in. If you didn’t ask for this, set a new password right away, and tell whoever runs the site.",
      FORGOTTEN,
    ],
  }),
} satisfies Record<string, Write>;

const codesLeft = ({ left }: Told) =>
  left === 0
    ? "None is left: make new ones on your account page."
    : `${left} ${left === 1 ? "is" : "are"} left.`;

import { z } from "zod";
import { STATUSES } from "@/lib/db/schema";
import { ROLES } from "@/lib/roles";
import { isDeceptive, normalIdentifier } from "@/lib/users/user";

const LONGEST_NAME = 150;
const LONGEST_EMAIL = 254;

// Without what means something around an address (RFC 5322): `<a@x>` and `a@x` are one mailbox.
const EMAIL = /^[^\s@\p{C}<>()[\]\\,;:"]+@[^\s@\p{C}<>()[\]\\,;:"]+$/u;

const DECEPTIVE = "Use letters that everybody sees, and the plain form of each.";

/**
 * What people type of a user. A user name holds no `@` and an email must, so that no user name can be
 * somebody else's email: either signs in. Both are kept in their normal form.
 */
export const UserFields = {
  username: z
    .string()
    .overwrite(normalIdentifier)
    .max(LONGEST_NAME)
    .regex(/^[^\s@\p{C}]+$/u, "A user name has no spaces and no @.")
    .refine((username) => !isDeceptive(username), DECEPTIVE),
  email: z
    .string()
    .overwrite(normalIdentifier)
    .max(LONGEST_EMAIL)
    .regex(EMAIL, "An email looks like name@example.com.")
    .refine((email) => !isDeceptive(email), DECEPTIVE),
  name: z
    .string()
    .trim()
    .normalize("NFC")
    .max(LONGEST_NAME)
    .regex(/^\P{Cc}*$/u, "A name has no control characters."),
};

/** What makes a user, but the password. */
export const NewUserInput = z.strictObject({
  ...UserFields,
  name: UserFields.name.default(""),
  role: z.enum(ROLES).default("member"),
});

/** What may be changed of a user; what is left out stays, and so does the name to sign in by. */
export const UserChangesInput = z
  .strictObject({ ...UserFields, role: z.enum(ROLES), status: z.enum(STATUSES) })
  .omit({ username: true })
  .partial();

const LONGEST_FIELD = 1024;

/** What asks for a link to set a new password. */
export const PasswordResetInput = z.strictObject({
  identifier: z.string().min(1, "Give a user name or an email.").max(LONGEST_FIELD),
});

/** What sets one by such a link; taken exactly as typed. */
export const ResetInput = z.strictObject({
  newPassword: z.string().min(1, "Give a new password.").max(LONGEST_FIELD),
});

const isConfirmed = ({
  newPassword,
  confirmPassword,
}: Record<"newPassword" | "confirmPassword", string>) =>
  newPassword.normalize("NFC") === confirmPassword.normalize("NFC");
const NOT_CONFIRMED = {
  path: ["confirmPassword"],
  message: "This is not the same as the new password.",
};
const confirmPassword = z.string().min(1, "Give the new password once more.").max(LONGEST_FIELD);

/** A new password as a form gives it, typed twice. */
export const NewPasswordInput = ResetInput.extend({ confirmPassword }).refine(
  isConfirmed,
  NOT_CONFIRMED,
);

/** What makes an account of one's own. */
export const SignUpInput = ResetInput.extend({
  ...UserFields,
  name: UserFields.name.default(""),
  confirmPassword,
}).refine(isConfirmed, NOT_CONFIRMED);

import { z } from "zod";
import { ROLES } from "@/lib/db/schema";

const LONGEST_NAME = 150;
const LONGEST_EMAIL = 254;

/**
 * What makes a user, but the password. A user name holds no `@` and an e-mail must, so that no
 * user name can be somebody else's e-mail: either signs in. Both are kept as NFC; letter case is
 * kept, and never counts.
 */
export const NewUserInput = z.strictObject({
  username: z
    .string()
    .trim()
    .normalize("NFC")
    .max(LONGEST_NAME)
    .regex(/^[^\s@\p{C}]+$/u, "A user name has no spaces and no @."),
  email: z
    .string()
    .trim()
    .normalize("NFC")
    .max(LONGEST_EMAIL)
    .regex(/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u, "An e-mail looks like name@example.com."),
  name: z
    .string()
    .trim()
    .normalize("NFC")
    .max(LONGEST_NAME)
    .regex(/^\P{Cc}*$/u, "A name has no control characters.")
    .default(""),
  role: z.enum(ROLES).default("member"),
});

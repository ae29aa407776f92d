import { z } from "zod";
import { Filter } from "@/app/admin/_console/query";
import { MAIL_STATES } from "@/lib/mail/list";

/** What the address of the outbox may say. */
export const MailQuery = z.object({
  q: Filter,
  state: z.enum(MAIL_STATES).optional().catch(undefined),
  /** The id of the last mail of the page before. */
  cursor: z.uuid().optional().catch(undefined),
});

import { z } from "zod";

/** What the address of the outbox may say. */
export const MailQuery = z.object({
  state: z.enum(["waiting", "sent", "failed"]).optional().catch(undefined),
  /** The id of the last mail of the page before. */
  cursor: z.uuid().optional().catch(undefined),
});

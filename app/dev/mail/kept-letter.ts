import "server-only";
import type { Letter } from "@/lib/mail/letters";
import type { OutboxMail } from "@/lib/mail/outbox";
import { letterOfMail } from "@/lib/mail/sender";

/** A kept mail as it reads; null where its link was forgotten, or sealed with a secret of before. */
export async function keptLetter(mail: OutboxMail): Promise<Letter | null> {
  try {
    return await letterOfMail(mail);
  } catch {
    // One that cannot be read any more must not hide the others.
    return null;
  }
}

import "server-only";
import type { Letter } from "@/lib/mail/letters";
import { mailWay, type OutboxMail } from "@/lib/mail/outbox";
import { letterOfMail } from "@/lib/mail/sender";
import { requestedHostname } from "@/lib/request/client";
import { isLoopback } from "@/lib/variables";

/**
 * Whether kept mails are shown to this request. Not where it names a host of elsewhere: a stranger's
 * page that had its name point to this machine could read them (DNS rebinding).
 */
export async function showsKeptMail(): Promise<boolean> {
  return mailWay() === "kept" && isLoopback(await requestedHostname());
}

/** A kept mail as it reads; null where its link was forgotten, or sealed with a secret of before. */
export async function keptLetter(mail: OutboxMail): Promise<Letter | null> {
  try {
    return await letterOfMail(mail);
  } catch {
    // One that cannot be read any more must not hide the others.
    return null;
  }
}

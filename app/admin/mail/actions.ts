"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { retryMail } from "@/lib/mail/list";
import { requireRecentProof, requireSameOrigin } from "@/lib/request/guards";

const Chosen = z.uuid().or(z.literal("all"));

/** Has a mail that was given up sent after all, or all of them; what came of it, in words. */
export async function retryMailAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  await requireRecentProof("staff");
  const id = filledIn(Chosen, form, "id");
  try {
    const retried = await retryMail(id === "all" ? null : id, new Date());
    refresh();
    if (retried === 0) return "Nothing to send again: it was sent or removed meanwhile.";
    return retried === 1
      ? "One mail is on its way again."
      : `${retried} mails are on their way again.`;
  } catch (error) {
    return troubleWords(error);
  }
}

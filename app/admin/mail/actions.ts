"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { retryMailBy } from "@/lib/accounts/retry-mail";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";

const Chosen = z.uuid().or(z.literal("all"));

/** Has a mail that was given up sent after all, or all of them; what came of it, in words. */
export async function retryMailAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("staff");
  const id = filledIn(Chosen, form, "id");
  try {
    const wanted = id === "all" ? null : id;
    const retried = await orTurnedAway(() => retryMailBy(actor, wanted, new Date()));
    refresh();
    if (retried === 0) return "Nothing to send again: it has been sent or removed since.";
    return retried === 1
      ? "One mail is on its way again."
      : `${retried} mails are on their way again.`;
  } catch (error) {
    return troubleWords(error);
  }
}

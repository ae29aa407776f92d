"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { isRefused } from "@/lib/refused";
import { openAccountBy } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { userRefusalWords } from "@/lib/users/refusals";
import { UserId } from "@/lib/users/user";

/** Has strangers' passwords for an account looked at again. */
export async function openAccountAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = filledIn(UserId, form, "id");
  try {
    const opened = await orTurnedAway(() => openAccountBy(actor, id));
    if (isRefused(opened)) return userRefusalWords(opened);
  } catch (error) {
    return troubleWords(error);
  }
  redirect(`/admin/users/${id}`);
}

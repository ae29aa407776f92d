"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { sentForm } from "@/app/_forms/sent-form";
import { addressWith } from "@/app/admin/_console/address";
import { Choice } from "@/app/admin/sessions/end/chosen";
import { isRefused } from "@/lib/refused";
import { endByStaff } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { userRefusalWords } from "@/lib/users/refusals";

/** Ends what the page before has named, and leads back to where it was chosen. */
export async function endChosenAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("staff");
  const id = sentForm(form).getAll("id");
  const choice = Choice.safeParse(id.length > 0 ? { id } : Object.fromEntries(form));
  if (!choice.success) return "Nothing was selected. Go back and choose again.";
  const chosen = choice.data;
  let ended = 0;
  try {
    const decided = await orTurnedAway(() => endByStaff(actor, chosen));
    if (isRefused(decided)) return `${userRefusalWords(decided)} Nothing was ended.`;
    ({ ended } = decided);
  } catch (error) {
    return troubleWords(error);
  }
  const backTo = "userId" in chosen ? `/admin/users/${chosen.userId}` : "/admin/sessions";
  redirect(addressWith(backTo, { ended: String(ended) }));
}

"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { sentForm } from "@/app/_forms/sent-form";
import { addressWith } from "@/app/admin/_console/address";
import { Choice } from "@/app/admin/sessions/end/chosen";
import { endByAdmin, endForUser } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireRecentProof, requireSameOrigin } from "@/lib/request/guards";
import { Outranked } from "@/lib/session/end";

/** Ends what the page before has named, and leads back to where it was chosen. */
export async function endChosenAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("staff");
  const id = sentForm(form).getAll("id");
  const choice = Choice.safeParse(id.length > 0 ? { id } : Object.fromEntries(form));
  if (!choice.success) return "Nothing was selected. Go back and choose again.";
  const result = await orTurnedAway(() => endChosen(actor, choice.data));
  if (typeof result === "string") return result;
  const backTo = "user" in choice.data ? `/admin/users/${choice.data.user}` : "/admin/sessions";
  redirect(addressWith(backTo, { ended: String(result) }));
}

async function endChosen(
  actor: Current,
  choice: { user: number } | { id: string[] },
): Promise<number | string> {
  try {
    if ("user" in choice) return await endForUser(actor, choice.user);
    return (await endByAdmin(actor, choice.id)).ended;
  } catch (error) {
    if (error instanceof Outranked) return `${error.message} Nothing was ended.`;
    return troubleWords(error);
  }
}

"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { type NotMailed, sendResetLinkBy } from "@/lib/accounts/invitations";
import { isRefused } from "@/lib/refused";
import { currentDevice } from "@/lib/request/client";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { userRefusalWords } from "@/lib/users/refusals";
import { UserId } from "@/lib/users/user";

const NOT_MAILED: Record<NotMailed["because"], string> = {
  disabled: "This account is disabled. Enable it first.",
  unverified: "This account’s address isn’t confirmed. Correct it first.",
  no_mail: "This site sends no mail. Set a temporary password instead.",
};

/** Mails a user a link to set a new password, which nobody else learns. */
export async function sendLinkAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = filledIn(UserId, form, "id");
  try {
    const by = { actor, device: await currentDevice() };
    const no = await orTurnedAway(() => sendResetLinkBy(id, by, new Date()));
    if (isRefused(no))
      return no.refused === "not_mailed" ? NOT_MAILED[no.because] : userRefusalWords(no);
  } catch (error) {
    return troubleWords(error);
  }
  redirect(`/admin/users/${id}?mailed=1`);
}

"use server";

import { notFound, redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { EmailState } from "@/app/account/email/state";
import { requestEmailChange } from "@/lib/accounts/email-address";
import { mailWay } from "@/lib/mail/outbox";
import { isRefused } from "@/lib/refused";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { UserFields } from "@/lib/users/input";

/** Mails a link to a new address; it is the account's once that is used. */
export async function changeEmailAction(previous: EmailState, form: FormData): Promise<EmailState> {
  await requireSameOrigin();
  const current = await requireRecentProof();
  if (mailWay() === "none") notFound();
  const attempt = thisAttempt(previous);
  const typed = fieldText(form, "email");
  const refused = (error: string): EmailState => ({ email: typed, error, attempt });
  const email = UserFields.email.safeParse(typed);
  if (!email.success) return refused(email.error.issues[0]?.message ?? "Give an address.");
  try {
    const no = await orTurnedAway(() => requestEmailChange(current, email.data, new Date()));
    if (isRefused(no))
      return refused("We have sent you three links just now. Try again in 15 minutes.");
  } catch (error) {
    return refused(troubleWords(error));
  }
  redirect("/account/email?sent=1");
}

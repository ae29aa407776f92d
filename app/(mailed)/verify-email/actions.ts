"use server";

import { redirect } from "next/navigation";
import type { AskState } from "@/app/_forms/ask-by-name";
import { troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import { pressLink } from "@/app/(mailed)/_link/press-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { verifyEmail } from "@/lib/accounts/email-address";
import { resendVerification } from "@/lib/accounts/sign-up";
import { currentDevice } from "@/lib/request/client";
import { requireSameOrigin } from "@/lib/request/origin";
import { withReturnTo } from "@/lib/request/return-to";
import { PasswordResetInput } from "@/lib/users/input";

// Whoever is signed in goes straight on from the sign-in page, and is told where they arrive.
const CONFIRMED = withReturnTo("/sign-in", "/account?confirmed=1", { reason: "email_verified" });

/** Confirms the address that the link was mailed to. Signs nobody in. */
export async function verifyEmailAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/verify-email", previous, verifyEmail);
  if (refused) return refused;
  redirect(CONFIRMED);
}

/** Mails the link once more where an address waits for it; the answer is the same for everybody. */
export async function resendAction(previous: AskState, form: FormData): Promise<AskState> {
  await requireSameOrigin();
  const attempt = thisAttempt(previous);
  const input = PasswordResetInput.safeParse({ identifier: fieldText(form, "identifier") });
  if (!input.success) return { error: "Give your user name or email.", attempt };
  try {
    await resendVerification(input.data.identifier, await currentDevice(), new Date());
  } catch (error) {
    return { error: troubleWords(error), attempt };
  }
  redirect("/verify-email?sent=1");
}

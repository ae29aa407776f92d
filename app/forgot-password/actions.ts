"use server";

import { redirect } from "next/navigation";
import type { AskState } from "@/app/_forms/ask-by-name";
import { troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import { requestPasswordReset } from "@/lib/accounts/forgotten-password";
import { currentDevice } from "@/lib/request/client";
import { requireSameOrigin } from "@/lib/request/origin";
import { PasswordResetInput } from "@/lib/users/input";

/** Sends a link to set a new password, or does not; the answer is the same. */
export async function forgotPasswordAction(previous: AskState, form: FormData): Promise<AskState> {
  await requireSameOrigin();
  const attempt = thisAttempt(previous);
  const input = PasswordResetInput.safeParse({ identifier: fieldText(form, "identifier") });
  if (!input.success) return { error: "Give your user name or email.", attempt };
  try {
    await requestPasswordReset(input.data.identifier, await currentDevice(), new Date());
  } catch (error) {
    return { error: troubleWords(error), attempt };
  }
  redirect("/forgot-password?sent=1");
}

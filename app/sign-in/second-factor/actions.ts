"use server";

import { redirect } from "next/navigation";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { SecondFactorState } from "@/app/sign-in/second-factor/state";
import { isRefused } from "@/lib/refused";
import { requireSameOrigin } from "@/lib/request/origin";
import { SecondStepInput, signInByCode } from "@/lib/request/sign-in";

const WRONG = "That code isn’t right, or was used before. Enter the one that your app shows now.";
const OVER = "/sign-in?reason=step_over";

/** Takes the code and goes on to where the sign-in was to lead, or says in the form why not. */
export async function secondFactorAction(
  previous: SecondFactorState,
  form: FormData,
): Promise<SecondFactorState> {
  await requireSameOrigin();
  const attempt = thisAttempt(previous);
  const { page, error } = await outcomeOf(fieldText(form, "code"), form.has("trust"));
  if (page !== undefined) redirect(page);
  return { error, attempt };
}

/** The page to go on to, or why the person stays here. */
type Outcome =
  | { readonly page: string; readonly error?: never }
  | { readonly page?: never; readonly error: string };

async function outcomeOf(code: string, trust: boolean): Promise<Outcome> {
  const input = SecondStepInput.safeParse({ code, trust });
  if (!input.success) return { error: input.error.issues[0]?.message ?? WRONG };
  try {
    const entered = await signInByCode(input.data);
    if (!isRefused(entered)) return { page: entered.returnTo };
    switch (entered.refused) {
      case "step_over":
        return { page: OVER };
      case "wrong":
        return { error: WRONG };
      case "throttled":
      case "busy":
        return { error: refusalWords(entered) };
    }
  } catch (error) {
    return { error: troubleWords(error) };
  }
}

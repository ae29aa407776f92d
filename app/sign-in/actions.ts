"use server";

import { redirect } from "next/navigation";
import type { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { SignInState } from "@/app/sign-in/state";
import { isRefused } from "@/lib/refused";
import { requireSameOrigin } from "@/lib/request/origin";
import { safeReturnTo } from "@/lib/request/return-to";
import { SECOND_STEP_PATH } from "@/lib/request/second-step";
import { SignInInput, signIn } from "@/lib/request/sign-in";

// One wording for unknown, wrong and disabled: the page must not tell who has an account.
const WRONG = "That user name or email and password don’t match.";
const NOT_VERIFIED = "Confirm your address first, using the link we mailed you.";

/** Signs in and goes on to `returnTo`, or says in the form why not. */
export async function signInAction(previous: SignInState, form: FormData): Promise<SignInState> {
  await requireSameOrigin();
  const attempt = thisAttempt(previous);
  const identifier = fieldText(form, "identifier");
  const remember = form.has("remember");
  const typed = { identifier, remember, password: fieldText(form, "password") };
  const { page, error } = await outcomeOf(typed, safeReturnTo(form.get("returnTo")));
  if (page !== undefined) redirect(page);
  return { error, isUnconfirmed: error === NOT_VERIFIED, identifier, remember, attempt };
}

/** The page to go on to, or why the person stays here. */
type Outcome =
  | { readonly page: string; readonly error?: never }
  | { readonly page?: never; readonly error: string };

async function outcomeOf(typed: z.input<typeof SignInInput>, returnTo: string): Promise<Outcome> {
  const input = SignInInput.safeParse(typed);
  if (!input.success) return { error: input.error.issues[0]?.message ?? WRONG };
  try {
    const result = await signIn(input.data, returnTo);
    if (!isRefused(result)) return { page: returnTo };
    switch (result.refused) {
      case "more_needed":
        return { page: SECOND_STEP_PATH };
      case "email_not_verified":
        return { error: NOT_VERIFIED };
      case "wrong":
        return { error: WRONG };
      case "throttled":
      case "busy":
        return { error: refusalWords(result) };
    }
  } catch (error) {
    return { error: troubleWords(error) };
  }
}

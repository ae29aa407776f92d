"use server";

import { redirect } from "next/navigation";
import type { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { SignInState } from "@/app/sign-in/state";
import { isRefused } from "@/lib/refused";
import { requireSameOrigin } from "@/lib/request/guards";
import { safeReturnTo } from "@/lib/request/return-to";
import { SignInInput, signIn } from "@/lib/request/sign-in";

// One wording for unknown, wrong and disabled: the page must not tell who has an account.
const WRONG = "The user name or email and the password do not fit together.";

/** Signs in and goes on to `returnTo`, or says in the form why not. */
export async function signInAction(previous: SignInState, form: FormData): Promise<SignInState> {
  await requireSameOrigin();
  const attempt = thisAttempt(previous);
  const identifier = fieldText(form, "identifier");
  const remember = form.has("remember");
  const error = await errorOf({ identifier, remember, password: fieldText(form, "password") });
  if (error === null) redirect(safeReturnTo(form.get("returnTo")));
  return { error, identifier, remember, attempt };
}

async function errorOf(typed: z.input<typeof SignInInput>): Promise<string | null> {
  const input = SignInInput.safeParse(typed);
  if (!input.success) return input.error.issues[0]?.message ?? WRONG;
  try {
    const result = await signIn(input.data);
    if (!isRefused(result)) return null;
    return result.refused === "wrong" ? WRONG : refusalWords(result);
  } catch (error) {
    return troubleWords(error);
  }
}

"use server";

import { redirect } from "next/navigation";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { ReauthenticateState } from "@/app/reauthenticate/state";
import { ProofInput, reauthenticateHere } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { safeReturnTo } from "@/lib/request/return-to";

const WRONG = "That is not your password.";

/** Takes the password once more and leads back to `returnTo`, or says in the form why not. */
export async function reauthenticateAction(
  previous: ReauthenticateState,
  form: FormData,
): Promise<ReauthenticateState> {
  await requireSameOrigin();
  const current = await requireSession();
  const attempt = thisAttempt(previous);
  const error = await errorOf(current, fieldText(form, "password"));
  if (error === null) redirect(safeReturnTo(form.get("returnTo")));
  return { error, attempt };
}

async function errorOf(current: Current, password: string): Promise<string | null> {
  const input = ProofInput.safeParse({ password });
  if (!input.success) return input.error.issues[0]?.message ?? WRONG;
  try {
    const result = await orTurnedAway(() => reauthenticateHere(current, input.data));
    return result?.refused === "wrong" ? WRONG : result && refusalWords(result);
  } catch (error) {
    return troubleWords(error);
  }
}

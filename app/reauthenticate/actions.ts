"use server";

import { redirect } from "next/navigation";
import type { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { ReauthenticateState } from "@/app/reauthenticate/state";
import { ProofInput, reauthenticateHere } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { safeReturnTo } from "@/lib/request/return-to";

const WRONG = "That is not your password.";
const WRONG_CODE =
  "That code isn’t right, or was used before. Enter the one that your app shows now.";

/** Takes the password, or a code, once more and leads back to `returnTo`, or says in the form why not. */
export async function reauthenticateAction(
  previous: ReauthenticateState,
  form: FormData,
): Promise<ReauthenticateState> {
  await requireSameOrigin();
  const current = await requireSession({ allowWithoutFactor: true });
  const attempt = thisAttempt(previous);
  const isByCode = form.has("code");
  const given = isByCode
    ? { code: fieldText(form, "code") }
    : { password: fieldText(form, "password") };
  const error = await errorOf(current, given, isByCode ? WRONG_CODE : WRONG);
  if (error === null) redirect(safeReturnTo(form.get("returnTo")));
  return { error, attempt };
}

async function errorOf(
  current: Current,
  given: z.input<typeof ProofInput>,
  wrong: string,
): Promise<string | null> {
  const input = ProofInput.safeParse(given);
  if (!input.success) return "code" in given ? "Give a code." : "Give your password.";
  try {
    const result = await orTurnedAway(() => reauthenticateHere(current, input.data));
    return result?.refused === "wrong" ? wrong : result && refusalWords(result);
  } catch (error) {
    return troubleWords(error);
  }
}

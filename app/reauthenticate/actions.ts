"use server";

import { redirect } from "next/navigation";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, sentForm, thisAttempt } from "@/app/_forms/sent-form";
import type { ReauthenticateState } from "@/app/reauthenticate/state";
import type { Given } from "@/lib/auth/methods";
import { PasskeyAssertion } from "@/lib/factors/passkey-json";
import { givenBy, ProofInput, reauthenticateHere } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { fromField, openChallenge } from "@/lib/request/passkey";
import { safeReturnTo } from "@/lib/request/return-to";

/** What is said of each way to prove it that proves nothing. */
const WRONG: Record<Given["method"], string> = {
  password: "That is not your password.",
  code: "That code isn’t right, or was used before. Enter the one that your app shows now.",
  passkey: "That passkey isn’t one of yours, or it took too long. Try again.",
};

/** Takes a password, a code or a passkey once more and leads back to `returnTo`, or says why not. */
export async function reauthenticateAction(
  previous: ReauthenticateState,
  form: FormData,
): Promise<ReauthenticateState> {
  await requireSameOrigin();
  const current = await requireSession({ allowWithoutFactor: true });
  const attempt = thisAttempt(previous);
  const given = await givenIn(form, current);
  const error = typeof given === "string" ? given : await errorOf(current, given);
  if (error === null) redirect(safeReturnTo(form.get("returnTo")));
  return { error, attempt };
}

// Or what is missing of it.
async function givenIn(form: FormData, { session }: Current): Promise<Given | string> {
  const sent = sentForm(form);
  if (sent.has("passkey")) {
    const assertion = fromField(PasskeyAssertion, fieldText(sent, "passkey"));
    const challenge = await openChallenge(fieldText(sent, "challenge"), session, new Date());
    const isWhole = assertion !== null && challenge !== null;
    return isWhole ? { method: "passkey", assertion, challenge } : WRONG.passkey;
  }
  const typed = sent.has("code")
    ? { code: fieldText(sent, "code") }
    : { password: fieldText(sent, "password") };
  const input = ProofInput.safeParse(typed);
  if (input.success) return givenBy(input.data);
  return sent.has("code") ? "Give a code." : "Give your password.";
}

async function errorOf(current: Current, given: Given): Promise<string | null> {
  try {
    const result = await orTurnedAway(() => reauthenticateHere(current, given));
    return result?.refused === "wrong" ? WRONG[given.method] : result && refusalWords(result);
  } catch (error) {
    return troubleWords(error);
  }
}

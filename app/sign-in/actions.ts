"use server";

import { redirect } from "next/navigation";
import type { z } from "zod";
import { tryAgainWords } from "@/app/_session/try-again-words";
import type { SignInState } from "@/app/sign-in/state";
import { HashingBusy } from "@/lib/account/hashing-threads";
import { Throttled } from "@/lib/account/throttle";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";
import { requireSameOrigin } from "@/lib/request/guards";
import { safeReturnTo } from "@/lib/request/return-to";
import { SignInInput, signIn } from "@/lib/request/sign-in";

// One wording for unknown, wrong and disabled: the page must not tell who has an account.
const WRONG = "The user name or email and the password do not fit together.";
const BUSY = "Too many people are signing in right now. Try again in a moment.";
const AWAY = "We cannot reach our database right now. Nothing is lost: try again in a moment.";

/** Signs in and goes on to `returnTo`, or says in the form why not. */
export async function signInAction(previous: SignInState, form: FormData): Promise<SignInState> {
  await requireSameOrigin();
  const identifier = text(form, "identifier");
  const remember = form.has("remember");
  const error = await errorOf({ identifier, remember, password: text(form, "password") });
  if (error === null) redirect(safeReturnTo(form.get("returnTo")));
  return { error, identifier, remember, attempt: previous.attempt + 1 };
}

async function errorOf(typed: z.input<typeof SignInInput>): Promise<string | null> {
  const input = SignInInput.safeParse(typed);
  if (!input.success) return input.error.issues[0]?.message ?? WRONG;
  try {
    return (await signIn(input.data)) ? null : WRONG;
  } catch (error) {
    if (error instanceof HashingBusy) return BUSY;
    if (error instanceof Throttled) return tryAgainWords(error.retryAfterSeconds);
    if (!isDatabaseUnavailable(error)) throw error;
    log().error({ err: error }, "the database cannot be reached");
    return AWAY;
  }
}

// A file where text is meant counts as nothing typed.
function text(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === "string" ? value : "";
}

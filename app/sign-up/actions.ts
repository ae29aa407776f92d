"use server";

import { notFound, redirect } from "next/navigation";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { SignUpState } from "@/app/sign-up/state";
import { isSignUpOpen, signUp } from "@/lib/accounts/sign-up";
import { isRefused } from "@/lib/refused";
import { fieldErrors } from "@/lib/request/body";
import { currentDevice } from "@/lib/request/client";
import { requireSameOrigin } from "@/lib/request/origin";
import { SignUpInput } from "@/lib/users/input";

/** Signs up; what comes next is in a mail, whatever there is already. */
export async function signUpAction(previous: SignUpState, form: FormData): Promise<SignUpState> {
  await requireSameOrigin();
  if (!isSignUpOpen()) notFound();
  const attempt = thisAttempt(previous);
  const typed = {
    username: fieldText(form, "username"),
    email: fieldText(form, "email"),
    name: fieldText(form, "name"),
  };
  const refused = (why: Partial<SignUpState>) => {
    return { typed, errors: {}, refusal: null, ...why, attempt };
  };
  const input = SignUpInput.safeParse({
    ...typed,
    newPassword: fieldText(form, "newPassword"),
    confirmPassword: fieldText(form, "confirmPassword"),
  });
  if (!input.success) return refused({ errors: fieldErrors(input.error) });
  try {
    const no = await signUp(input.data, await currentDevice(), new Date());
    if (isRefused(no)) return refused(refusalOf(no));
  } catch (error) {
    return refused({ refusal: troubleWords(error) });
  }
  redirect("/sign-up?sent=1");
}

function refusalOf(no: Exclude<Awaited<ReturnType<typeof signUp>>, null>): Partial<SignUpState> {
  switch (no.refused) {
    case "sign_up_closed":
      return { errors: { email: ["You can’t sign up here with an address at this domain."] } };
    case "too_many_mails":
      return { refusal: "Too many tries from your network. Try again in 15 minutes." };
    case "unfit_password":
      return { errors: { newPassword: [no.fault] } };
    case "busy":
      return { refusal: refusalWords(no) };
  }
}

"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn, thisAttempt } from "@/app/_forms/sent-form";
import type { UserFormState } from "@/app/admin/_console/user-form";
import { formProblem, typedUser } from "@/app/admin/_console/user-problem";
import { isRefused } from "@/lib/refused";
import { changeUserBy } from "@/lib/request/acts";
import { fieldErrors } from "@/lib/request/body";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { UserChangesInput } from "@/lib/users/input";
import { UserId } from "@/lib/users/user";

const Changes = UserChangesInput.omit({ status: true }).required().strip();

/** Changes what the form names and nothing else: a user's name to sign in by stays. */
export async function editUserAction(
  previous: UserFormState,
  form: FormData,
): Promise<UserFormState> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const userId = filledIn(UserId, form, "id");
  const typed = typedUser(form);
  const input = Changes.safeParse(typed);
  const attempt = thisAttempt(previous);
  const failed = { typed, error: null, errors: {}, attempt };
  if (!input.success) return { ...failed, errors: fieldErrors(input.error) };
  try {
    const changed = await orTurnedAway(() => changeUserBy(actor, userId, input.data));
    if (isRefused(changed)) return { ...failed, ...formProblem(changed) };
  } catch (error) {
    return { ...failed, error: troubleWords(error) };
  }
  redirect(`/admin/users/${userId}`);
}

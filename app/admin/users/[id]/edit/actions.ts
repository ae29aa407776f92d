"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { filledIn, thisAttempt } from "@/app/_forms/sent-form";
import type { UserFormState } from "@/app/admin/_console/user-form";
import { formProblem, typedUser } from "@/app/admin/_console/user-problem";
import { changeUserBy } from "@/lib/request/acts";
import { fieldErrors } from "@/lib/request/body";
import { orTurnedAway, requireRecentProof, requireSameOrigin } from "@/lib/request/guards";
import { NewUserInput } from "@/lib/users/input";

const Id = z.coerce.number().int().positive();
const Changes = NewUserInput.pick({ email: true, name: true, role: true }).strip();

/** Changes what the form names and nothing else: a user's name to sign in by stays. */
export async function editUserAction(
  previous: UserFormState,
  form: FormData,
): Promise<UserFormState> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const userId = filledIn(Id, form, "id");
  const typed = typedUser(form);
  const input = Changes.safeParse(typed);
  const attempt = thisAttempt(previous);
  const failed = { typed, error: null, errors: {}, attempt };
  if (!input.success) return { ...failed, errors: fieldErrors(input.error) };
  try {
    await orTurnedAway(() => changeUserBy(actor, userId, input.data));
  } catch (error) {
    return { ...failed, ...formProblem(error) };
  }
  redirect(`/admin/users/${userId}`);
}

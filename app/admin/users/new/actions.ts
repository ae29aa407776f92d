"use server";

import { troubleWords } from "@/app/_forms/refusal-words";
import { thisAttempt } from "@/app/_forms/sent-form";
import type { UserFormState } from "@/app/admin/_console/user-form";
import { formProblem, typedUser } from "@/app/admin/_console/user-problem";
import type { NewUserState } from "@/app/admin/users/new/state";
import { isRefused } from "@/lib/refused";
import { addUserBy } from "@/lib/request/acts";
import { fieldErrors } from "@/lib/request/body";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { NewUserInput } from "@/lib/users/input";

/** Adds a user. The password is in this one response, and nowhere else. */
export async function addUserAction(previous: NewUserState, form: FormData): Promise<NewUserState> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const typed = typedUser(form);
  const input = NewUserInput.safeParse(typed);
  // Whoever was just added begins anew.
  const attempt = thisAttempt({ attempt: 0, ...previous });
  const failed = (why: Partial<UserFormState>): NewUserState => {
    return { typed, error: null, errors: {}, ...why, attempt, added: null };
  };
  if (!input.success) return failed({ errors: fieldErrors(input.error) });
  try {
    const added = await orTurnedAway(() => addUserBy(actor, input.data));
    if (isRefused(added)) return failed(formProblem(added));
    const { user, password } = added;
    return { added: { id: user.id, username: user.username, password } };
  } catch (error) {
    return failed({ error: troubleWords(error) });
  }
}

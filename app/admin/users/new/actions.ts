"use server";

import type { UserFormState } from "@/app/admin/_console/user-form";
import { formProblem, typedUser } from "@/app/admin/_console/user-problem";
import type { NewUserState } from "@/app/admin/users/new/state";
import { addUser } from "@/lib/account/add-user";
import { NewUserInput } from "@/lib/account/new-user";
import { fieldErrors } from "@/lib/request/body";
import { currentDevice } from "@/lib/request/client";
import { requireRecentProof, requireSameOrigin } from "@/lib/request/guards";

/** Adds a user. The password is in this one answer, and nowhere else. */
export async function addUserAction(previous: NewUserState, form: FormData): Promise<NewUserState> {
  await requireSameOrigin();
  const { user: actor } = await requireRecentProof("admin");
  const typed = typedUser(form);
  const input = NewUserInput.safeParse(typed);
  const attempt = previous.added ? 1 : previous.attempt + 1;
  const failed = (why: Partial<UserFormState>): NewUserState => {
    return { typed, error: null, errors: {}, ...why, attempt, added: null };
  };
  if (!input.success) return failed({ errors: fieldErrors(input.error) });
  try {
    const by = { actorId: actor.id, device: await currentDevice() };
    const { user, password } = await addUser(input.data, by, new Date());
    return { added: { id: user.id, username: user.username, password } };
  } catch (error) {
    return failed(formProblem(error));
  }
}

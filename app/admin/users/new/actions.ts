"use server";

import type { z } from "zod";
import { troubleWords } from "@/app/_forms/refusal-words";
import { sentForm, thisAttempt } from "@/app/_forms/sent-form";
import type { UserFormState } from "@/app/admin/_console/user-form";
import { formProblem, typedUser } from "@/app/admin/_console/user-problem";
import type { Added, NewUserState } from "@/app/admin/users/new/state";
import { inviteUser } from "@/lib/accounts/invitations";
import type { Busy } from "@/lib/auth/password-threads";
import { isRefused } from "@/lib/refused";
import { addUserBy } from "@/lib/request/acts";
import { fieldErrors } from "@/lib/request/body";
import { currentDevice } from "@/lib/request/client";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { linkTo } from "@/lib/request/mailed-links";
import { requireSameOrigin } from "@/lib/request/origin";
import { NewUserInput } from "@/lib/users/input";
import type { DuplicateUser } from "@/lib/users/refusals";

type Wanted = z.output<typeof NewUserInput>;

/** Adds a user. What gets them in, where it is not mailed, is in this one response and nowhere else. */
export async function addUserAction(previous: NewUserState, form: FormData): Promise<NewUserState> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const typed = typedUser(form);
  const isTemporary = sentForm(form).has("temporary");
  const input = NewUserInput.safeParse(typed);
  // Whoever was just added begins anew.
  const attempt = thisAttempt({ attempt: 0, ...previous });
  const failed = (why: Partial<UserFormState>): NewUserState => {
    return { typed, isTemporary, error: null, errors: {}, ...why, attempt, added: null };
  };
  if (!input.success) return failed({ errors: fieldErrors(input.error) });
  try {
    const add = isTemporary ? withPassword : invited;
    const added = await orTurnedAway(() => add(actor, input.data));
    return isRefused(added) ? failed(formProblem(added)) : { added };
  } catch (error) {
    return failed({ error: troubleWords(error) });
  }
}

async function withPassword(actor: Current, wanted: Wanted): Promise<Added | DuplicateUser | Busy> {
  const added = await addUserBy(actor, wanted);
  if (isRefused(added)) return added;
  const { user, password } = added;
  return { id: user.id, username: user.username, wayIn: { way: "password", password } };
}

async function invited(actor: Current, wanted: Wanted): Promise<Added | DuplicateUser> {
  const by = { actor, device: await currentDevice() };
  const made = await inviteUser(wanted, by, new Date());
  if (isRefused(made)) return made;
  const { id, username, email } = made.user;
  const wayIn = made.token
    ? ({ way: "link", link: linkTo("/invitation", made.token) } as const)
    : ({ way: "mailed", email } as const);
  return { id, username, wayIn };
}

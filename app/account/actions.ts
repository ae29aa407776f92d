"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { NameState } from "@/app/account/name-state";
import { changeOwnDetails } from "@/lib/auth/change-user";
import { currentDevice } from "@/lib/request/client";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { UserFields } from "@/lib/users/input";

/** Changes the name of who is signed in. */
export async function changeNameAction(previous: NameState, form: FormData): Promise<NameState> {
  await requireSameOrigin();
  const actor = await requireSession();
  const attempt = thisAttempt(previous);
  const typed = fieldText(form, "name");
  const refused = (error: string): NameState => ({ name: typed, error, attempt });
  const name = UserFields.name.safeParse(typed);
  if (!name.success) return refused(name.error.issues[0]?.message ?? "Give another name.");
  try {
    const by = { actor, device: await currentDevice() };
    await orTurnedAway(() => changeOwnDetails(by, { name: name.data }, new Date()));
  } catch (error) {
    return refused(troubleWords(error));
  }
  redirect("/account?saved=1");
}

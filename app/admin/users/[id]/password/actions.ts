"use server";

import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { userProblem } from "@/app/admin/_console/user-problem";
import type { TemporaryPasswordState } from "@/app/admin/users/[id]/password/state";
import { isRefused } from "@/lib/refused";
import { setTemporaryPasswordBy } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { UserId } from "@/lib/users/user";

/** Gives a user a temporary password. It is in this one response, and nowhere else. */
export async function setTemporaryPasswordAction(
  _: TemporaryPasswordState,
  form: FormData,
): Promise<TemporaryPasswordState> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = filledIn(UserId, form, "id");
  try {
    const password = await orTurnedAway(() => setTemporaryPasswordBy(actor, id));
    return isRefused(password)
      ? { password: null, error: userProblem(password) }
      : { password, error: null };
  } catch (error) {
    return { password: null, error: troubleWords(error) };
  }
}

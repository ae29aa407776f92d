"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { resetFactorsBy } from "@/lib/accounts/reset-factors";
import { isRefused } from "@/lib/refused";
import { currentDevice } from "@/lib/request/client";
import { orTurnedAway, requireRole } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { userRefusalWords } from "@/lib/users/refusals";
import { UserId } from "@/lib/users/user";

/** Has a user's second factors go in 24 hours, unless they stop it. */
export async function resetFactorsAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRole("admin", { fresh: true, factor: true });
  const id = filledIn(UserId, form, "id");
  try {
    const by = { actor, device: await currentDevice() };
    const reset = await orTurnedAway(() => resetFactorsBy(id, by, new Date()));
    if (isRefused(reset))
      return reset.refused === "no_factor"
        ? "This account has no second factor any more."
        : userRefusalWords(reset);
  } catch (error) {
    return troubleWords(error);
  }
  redirect(`/admin/users/${id}`);
}

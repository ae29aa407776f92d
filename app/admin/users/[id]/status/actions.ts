"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { filledIn } from "@/app/_forms/sent-form";
import { addressWith } from "@/app/admin/_console/address";
import { isRefused } from "@/lib/refused";
import { changeUserBy } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { UserChangesInput } from "@/lib/users/input";
import { userRefusalWords } from "@/lib/users/refusals";
import { UserId } from "@/lib/users/user";

const Status = UserChangesInput.shape.status.unwrap();

/** Lets a user in, or out at once. */
export async function setStatusAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = filledIn(UserId, form, "id");
  const status = filledIn(Status, form, "status");
  let ended = 0;
  try {
    const changed = await orTurnedAway(() => changeUserBy(actor, id, { status }));
    if (isRefused(changed)) return userRefusalWords(changed);
    ({ ended } = changed);
  } catch (error) {
    return troubleWords(error);
  }
  redirect(addressWith(`/admin/users/${id}`, ended > 0 ? { ended: String(ended) } : {}));
}

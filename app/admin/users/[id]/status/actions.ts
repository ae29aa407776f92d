"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { filledIn } from "@/app/_forms/sent-form";
import { addressWith } from "@/app/admin/_console/address";
import { userProblem } from "@/app/admin/_console/user-problem";
import { changeUserBy } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof, requireSameOrigin } from "@/lib/request/guards";

const Id = z.coerce.number().int().positive();
const Status = z.enum(["active", "disabled"]);

/** Lets a user in, or out at once. */
export async function setStatusAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = filledIn(Id, form, "id");
  const status = filledIn(Status, form, "status");
  let ended = 0;
  try {
    ({ ended } = await orTurnedAway(() => changeUserBy(actor, id, { status })));
  } catch (error) {
    return userProblem(error);
  }
  redirect(addressWith(`/admin/users/${id}`, ended > 0 ? { ended: String(ended) } : {}));
}

"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { userProblem } from "@/app/admin/_console/user-problem";
import { openAccountBy } from "@/lib/request/acts";
import { orTurnedAway, requireRecentProof, requireSameOrigin } from "@/lib/request/guards";

const Id = z.coerce.number().int().positive();

/** Has strangers' passwords for an account looked at again. */
export async function openAccountAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const actor = await requireRecentProof("admin");
  const id = Id.parse(form.get("id"));
  try {
    await orTurnedAway(() => openAccountBy(actor, id));
  } catch (error) {
    return userProblem(error);
  }
  redirect(`/admin/users/${id}`);
}

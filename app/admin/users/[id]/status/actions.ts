"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { addressWith } from "@/app/admin/_console/address";
import { userProblem } from "@/app/admin/_console/user-problem";
import { changeUser } from "@/lib/account/change-user";
import { currentDevice } from "@/lib/request/client";
import { requireRecentProof, requireSameOrigin } from "@/lib/request/guards";

const Input = z.object({
  id: z.coerce.number().int().positive(),
  status: z.enum(["active", "disabled"]),
});

/** Lets a user in, or out at once. */
export async function setStatusAction(_: string | null, form: FormData): Promise<string> {
  await requireSameOrigin();
  const { user: actor } = await requireRecentProof("admin");
  const { id, status } = Input.parse({ id: form.get("id"), status: form.get("status") });
  let ended = 0;
  try {
    const by = { userId: id, actorId: actor.id, device: await currentDevice() };
    ({ ended } = await changeUser(by, { status }, new Date()));
  } catch (error) {
    return userProblem(error);
  }
  redirect(addressWith(`/admin/users/${id}`, ended > 0 ? { ended: String(ended) } : {}));
}

"use server";

import { redirect } from "next/navigation";
import { pressLink } from "@/app/(mailed)/_link/press-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { reportSession } from "@/lib/accounts/not-me";
import { requireSameOrigin } from "@/lib/request/origin";

/** Ends what somebody else began in this account. */
export async function notMeAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/not-me", previous, reportSession);
  if (refused) return refused;
  redirect("/not-me?done=1");
}

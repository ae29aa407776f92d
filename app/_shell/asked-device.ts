"use server";

import { redirect } from "next/navigation";
import { reportOwnSession } from "@/lib/accounts/not-me";
import { askedDevice, forgetAsked } from "@/lib/request/asked-device";
import { clearSessionCookie } from "@/lib/request/clear-cookie";
import { currentDevice } from "@/lib/request/client";
import { orTurnedAway, requireRecentProof, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";

/** "That was me": the question goes away. */
export async function thatWasMe(): Promise<void> {
  await requireSameOrigin();
  await requireSession();
  await forgetAsked();
}

/** "This was not me": signs everybody out, and mails a link to set a new password. */
export async function thatWasNotMe(): Promise<void> {
  await requireSameOrigin();
  const actor = await requireRecentProof();
  const asked = await askedDevice(actor.user.id);
  if (!asked) return;
  const device = await currentDevice();
  await orTurnedAway(() => reportOwnSession(actor, asked.sessionId, device, new Date()));
  await forgetAsked();
  await clearSessionCookie();
  redirect("/not-me?done=1");
}

"use server";

import { redirect } from "next/navigation";
import { troubleWords } from "@/app/_forms/refusal-words";
import { closeOwnAccount } from "@/lib/accounts/close-account";
import { isRefused } from "@/lib/refused";
import { clearSessionCookie } from "@/lib/request/clear-cookie";
import { currentDevice } from "@/lib/request/client";
import { orTurnedAway, requireRecentProof } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
import { userRefusalWords } from "@/lib/users/refusals";

/** Closes the account of who is signed in; what is wrong otherwise. */
export async function deleteAccountAction(): Promise<string> {
  await requireSameOrigin();
  const current = await requireRecentProof();
  try {
    const device = await currentDevice();
    const no = await orTurnedAway(() => closeOwnAccount(current, device, new Date()));
    if (isRefused(no)) return userRefusalWords(no);
  } catch (error) {
    return troubleWords(error);
  }
  await clearSessionCookie();
  redirect("/sign-in?reason=account_closed");
}

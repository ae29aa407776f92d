"use server";

import { redirect } from "next/navigation";
import { isDatabaseUnavailable } from "@/lib/db/errors";
import { log } from "@/lib/log";
import { requireSameOrigin } from "@/lib/request/origin";
import { endSession } from "@/lib/request/sign-out";

/** Signs this browser out, with or without a live session, and says so on the sign-in page. */
export async function signOut(): Promise<void> {
  await requireSameOrigin();
  const isEverywhere = await endOrPostpone();
  redirect(`/sign-in?reason=signed_out${isEverywhere ? "" : "&pending=1"}`);
}

// With the database away the cookie is gone all the same; the row ends as soon as it can.
async function endOrPostpone(): Promise<boolean> {
  try {
    await endSession();
    return true;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    log().error({ err: error }, "signed out while the database could not be reached");
    return false;
  }
}

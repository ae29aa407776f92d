"use server";

import { redirect } from "next/navigation";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { log } from "@/lib/log";
import { requireSameOrigin } from "@/lib/request/guards";
import { endSession } from "@/lib/request/sign-out";

/** Signs this browser out, with or without a live session, and says so on the sign-in page. */
export async function signOut(): Promise<void> {
  await requireSameOrigin();
  try {
    await endSession();
  } catch (error) {
    // The cookie is gone all the same; the row dies by its limits.
    if (!isDatabaseUnavailable(error)) throw error;
    log().error({ err: error }, "signed out while the database could not be reached");
  }
  redirect("/sign-in?reason=signed_out");
}

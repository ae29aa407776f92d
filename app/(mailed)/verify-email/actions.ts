"use server";

import { redirect } from "next/navigation";
import { pressLink } from "@/app/(mailed)/_link/press-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { verifyEmail } from "@/lib/accounts/email-address";
import { requireSameOrigin } from "@/lib/request/guards";

/** Confirms the address that the link was mailed to. Signs nobody in. */
export async function verifyEmailAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/verify-email", previous, verifyEmail);
  if (refused) return refused;
  redirect("/sign-in?reason=email_verified&returnTo=/account");
}

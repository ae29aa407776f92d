"use server";

import { redirect } from "next/navigation";
import { newPasswordByLink } from "@/app/(mailed)/_link/new-password-by-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { resetPassword } from "@/lib/accounts/forgotten-password";
import { requireSameOrigin } from "@/lib/request/origin";

/** Sets the new password, or says in the form what to mend. Signs nobody in. */
export async function resetPasswordAction(
  previous: LinkFormState,
  form: FormData,
): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await newPasswordByLink("/reset-password", previous, form, resetPassword);
  if (refused) return refused;
  redirect("/sign-in?reason=password_reset");
}

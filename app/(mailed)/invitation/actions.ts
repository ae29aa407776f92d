"use server";

import { redirect } from "next/navigation";
import { newPasswordByLink } from "@/app/(mailed)/_link/new-password-by-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { acceptInvitation } from "@/lib/accounts/invitations";
import { requireSameOrigin } from "@/lib/request/origin";

/** Sets the first password of who was invited. Signs nobody in. */
export async function acceptInvitationAction(
  previous: LinkFormState,
  form: FormData,
): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await newPasswordByLink("/invitation", previous, form, acceptInvitation);
  if (refused) return refused;
  redirect("/sign-in?reason=password_set");
}

"use server";

import { redirect } from "next/navigation";
import { pressLink } from "@/app/(mailed)/_link/press-link";
import type { LinkFormState } from "@/app/(mailed)/_link/state";
import { keepAccount } from "@/lib/accounts/close-account";
import { takeEmailBack } from "@/lib/accounts/former-address";
import { keepFactors } from "@/lib/accounts/reset-factors";
import { requireSameOrigin } from "@/lib/request/origin";

/** Undoes a change of address that its owner did not make. */
export async function takeBackAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/take-back", previous, takeEmailBack);
  if (refused) return refused;
  redirect("/sign-in?reason=reported");
}

/** Keeps an account that was to be deleted. */
export async function keepAccountAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/take-back", previous, keepAccount);
  if (refused) return refused;
  redirect("/sign-in?reason=account_kept");
}

/** Keeps second factors that were to be reset. */
export async function keepFactorsAction(previous: LinkFormState): Promise<LinkFormState> {
  await requireSameOrigin();
  const refused = await pressLink("/take-back", previous, keepFactors);
  if (refused) return refused;
  redirect("/sign-in?reason=factors_kept");
}

"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { refusalWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { PasswordState } from "@/app/account/password/state";
import { UnfitPassword } from "@/lib/auth/change-password";
import { ChangePasswordInput, changePassword } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSameOrigin, requireSession } from "@/lib/request/guards";
import { safeReturnTo } from "@/lib/request/return-to";

/**
 * Changes the password and says so on the page, or says in the form what to mend. Who had a
 * temporary one goes on to where they were held up.
 */
export async function changePasswordAction(
  previous: PasswordState,
  form: FormData,
): Promise<PasswordState> {
  await requireSameOrigin();
  const current = await requireSession({ allowTemporaryPassword: true });
  const attempt = thisAttempt(previous);
  const faults = await faultsOf(current, {
    currentPassword: fieldText(form, "currentPassword"),
    newPassword: fieldText(form, "newPassword"),
    confirmPassword: fieldText(form, "confirmPassword"),
  });
  if (faults === null)
    redirect(
      current.user.passwordIsTemporary
        ? safeReturnTo(form.get("returnTo"))
        : "/account/password?changed=1",
    );
  return { errors: {}, refusal: null, ...faults, attempt };
}

const NOT_CURRENT = "That is not your current password.";
const NOT_TEMPORARY = "That is not the temporary password.";

type Faults = Partial<Pick<PasswordState, "errors" | "refusal">>;

async function faultsOf(
  current: Current,
  typed: z.input<typeof ChangePasswordInput>,
): Promise<Faults | null> {
  const input = ChangePasswordInput.safeParse(typed);
  if (!input.success) return { errors: firstOfEach(input.error) };
  try {
    if (await orTurnedAway(() => changePassword(current, input.data))) return null;
    const { passwordIsTemporary } = current.user;
    return { errors: { currentPassword: passwordIsTemporary ? NOT_TEMPORARY : NOT_CURRENT } };
  } catch (error) {
    if (error instanceof UnfitPassword) return { errors: { newPassword: error.message } };
    return { refusal: refusalWords(error) };
  }
}

function firstOfEach(error: z.ZodError<z.input<typeof ChangePasswordInput>>) {
  const { currentPassword, newPassword, confirmPassword } = z.flattenError(error).fieldErrors;
  return {
    currentPassword: currentPassword?.[0],
    newPassword: newPassword?.[0],
    confirmPassword: confirmPassword?.[0],
  };
}

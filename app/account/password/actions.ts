"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { refusalWords, troubleWords } from "@/app/_forms/refusal-words";
import { fieldText, thisAttempt } from "@/app/_forms/sent-form";
import type { PasswordState } from "@/app/account/password/state";
import { BlocklistUnavailable } from "@/lib/auth/blocklist";
import { ChangePasswordInput, changePassword } from "@/lib/request/acts";
import type { Current } from "@/lib/request/current";
import { orTurnedAway, requireSession } from "@/lib/request/guards";
import { requireSameOrigin } from "@/lib/request/origin";
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
const NOT_JUDGED =
  "New passwords cannot be checked right now. Nothing was changed: try again in a moment.";

type Faults = Partial<Pick<PasswordState, "errors" | "refusal">>;

async function faultsOf(
  current: Current,
  typed: z.input<typeof ChangePasswordInput>,
): Promise<Faults | null> {
  const input = ChangePasswordInput.safeParse(typed);
  if (!input.success) return { errors: firstOfEach(input.error) };
  try {
    const refused = await orTurnedAway(() => changePassword(current, input.data));
    return refused && refusedFaults(refused, current);
  } catch (error) {
    if (error instanceof BlocklistUnavailable) return { refusal: NOT_JUDGED };
    return { refusal: troubleWords(error) };
  }
}

type Refusal = NonNullable<Awaited<ReturnType<typeof changePassword>>>;

function refusedFaults(refused: Refusal, { user }: Current): Faults {
  switch (refused.refused) {
    case "unfit_password":
      return { errors: { newPassword: refused.fault } };
    case "wrong":
      return {
        errors: { currentPassword: user.passwordIsTemporary ? NOT_TEMPORARY : NOT_CURRENT },
      };
    case "throttled":
    case "busy":
      return { refusal: refusalWords(refused) };
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

"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { forgotPasswordAction } from "@/app/forgot-password/actions";
import { INITIAL_FORGOT_STATE } from "@/app/forgot-password/state";

export function ForgotForm() {
  const [{ error }, action] = useActionState(forgotPasswordAction, INITIAL_FORGOT_STATE);
  return (
    <form action={action} aria-label="Forgot your password" className="space-y-5">
      <TextField
        label="User name or email"
        name="identifier"
        error={error ?? undefined}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
      />
      <SubmitButton className="w-full" pendingLabel="Sending…">
        Send me a link
      </SubmitButton>
    </form>
  );
}

"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { changeEmailAction } from "@/app/account/email/actions";
import { INITIAL_EMAIL_STATE } from "@/app/account/email/state";

export function EmailForm() {
  const [{ email, error }, action] = useActionState(changeEmailAction, INITIAL_EMAIL_STATE);
  return (
    <form action={action} aria-label="Change the address" className="space-y-5">
      <TextField
        label="New email"
        name="email"
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={email}
        error={error ?? undefined}
        required
      />
      <SubmitButton className="w-full sm:w-auto" pendingLabel="Sending…">
        Send a link to it
      </SubmitButton>
    </form>
  );
}

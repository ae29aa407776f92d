"use client";

import { useActionState, useEffect, useRef } from "react";
import { CheckboxField } from "@/app/_ui/checkbox-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { secondFactorAction } from "@/app/sign-in/second-factor/actions";
import { INITIAL_STATE } from "@/app/sign-in/second-factor/state";

export function SecondFactorForm() {
  const [{ error, attempt }, action] = useActionState(secondFactorAction, INITIAL_STATE);
  const code = useRef<HTMLInputElement>(null);

  // An action's answer leaves the focus on the body; it belongs where the next try is typed.
  useEffect(() => {
    if (attempt > 0) code.current?.focus();
  }, [attempt]);

  return (
    <form action={action} aria-label="Second factor" className="space-y-5">
      <TextField
        ref={code}
        label="Code"
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        error={error ?? undefined}
        required
      />
      <CheckboxField name="trust" label="Do not ask again here for 30 days" />
      <SubmitButton className="w-full" pendingLabel="Checking…">
        Sign in
      </SubmitButton>
    </form>
  );
}

"use client";

import { useActionState, useEffect, useRef } from "react";
import { UsernameField } from "@/app/_forms/username-field";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { reauthenticateAction } from "@/app/reauthenticate/actions";
import { INITIAL_STATE } from "@/app/reauthenticate/state";

type ReauthenticateFormProps = { returnTo: string; username: string };

export function ReauthenticateForm({ returnTo, username }: ReauthenticateFormProps) {
  const [{ error, attempt }, action] = useActionState(reauthenticateAction, INITIAL_STATE);
  const password = useRef<HTMLInputElement>(null);

  // An action's answer leaves the focus on the body; it belongs where the next try is typed.
  useEffect(() => {
    if (attempt > 0) password.current?.focus();
  }, [attempt]);

  return (
    <form action={action} aria-label="Confirm it is you" className="space-y-5">
      <input type="hidden" name="returnTo" value={returnTo} />
      <UsernameField username={username} />
      <PasswordField
        ref={password}
        label="Password"
        name="password"
        autoComplete="current-password"
        error={error ?? undefined}
        required
      />
      <SubmitButton className="w-full" pendingLabel="Checking…">
        Continue
      </SubmitButton>
    </form>
  );
}

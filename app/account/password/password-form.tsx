"use client";

import { useActionState, useEffect, useRef } from "react";
import { UsernameField } from "@/app/_session/username-field";
import { Notice } from "@/app/_ui/notice";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { changePasswordAction } from "@/app/account/password/actions";
import { NewPasswordField } from "@/app/account/password/new-password-field";
import { INITIAL_STATE } from "@/app/account/password/state";

const REFUSAL_ID = "password-refusal";

type PasswordFormProps = { username: string; least: number; ownWords: string[] };

export function PasswordForm({ username, least, ownWords }: PasswordFormProps) {
  const [{ errors, refusal, attempt }, action] = useActionState(
    changePasswordAction,
    INITIAL_STATE,
  );
  const form = useRef<HTMLFormElement>(null);

  // An action's answer leaves the focus on the body; it belongs on what is to be mended first.
  useEffect(() => {
    if (attempt === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? form.current?.querySelector<HTMLElement>('[type="password"]'))?.focus();
  }, [attempt]);

  return (
    <form ref={form} action={action} aria-label="Change password" className="space-y-5">
      <UsernameField username={username} />
      {refusal && (
        <Notice key={attempt} id={REFUSAL_ID} role="alert" tone="danger">
          {refusal}
        </Notice>
      )}
      <PasswordField
        label="Current password"
        name="currentPassword"
        autoComplete="current-password"
        error={errors.currentPassword}
        aria-describedby={refusal ? REFUSAL_ID : undefined}
        required
      />
      <NewPasswordField
        key={attempt}
        error={errors.newPassword}
        least={least}
        ownWords={ownWords}
      />
      <PasswordField
        label="New password, once more"
        name="confirmPassword"
        autoComplete="new-password"
        error={errors.confirmPassword}
        required
      />
      <SubmitButton className="w-full sm:w-auto" pendingLabel="Changing…">
        Change password
      </SubmitButton>
    </form>
  );
}

"use client";

import { useActionState, useEffect, useRef } from "react";
import { UsernameField } from "@/app/_forms/username-field";
import { Notice } from "@/app/_ui/notice";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { INITIAL_LINK_STATE, type LinkFormState } from "@/app/(mailed)/_link/state";
import { NewPasswordField } from "@/app/account/password/new-password-field";

type NewPasswordFormProps = {
  username: string;
  least: number;
  ownWords: string[];
  action: (previous: LinkFormState, form: FormData) => Promise<LinkFormState>;
};

/** Sets a password without the one before. */
export function NewPasswordForm({ username, least, ownWords, action }: NewPasswordFormProps) {
  const [{ errors, refusal, attempt }, send] = useActionState(action, INITIAL_LINK_STATE);
  const form = useRef<HTMLFormElement>(null);

  // An action's answer leaves the focus on the body; it belongs on what is to be mended first.
  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);

  return (
    <form ref={form} action={send} aria-label="Set a new password" className="space-y-5">
      <UsernameField username={username} />
      {refusal && (
        <Notice key={attempt} role="alert" tone="danger">
          {refusal}
        </Notice>
      )}
      <NewPasswordField
        key={attempt}
        error={errors.newPassword?.[0]}
        least={least}
        ownWords={ownWords}
      />
      <PasswordField
        label="New password, once more"
        name="confirmPassword"
        autoComplete="new-password"
        error={errors.confirmPassword?.[0]}
        required
      />
      <SubmitButton className="w-full" pendingLabel="Setting…">
        Set the new password
      </SubmitButton>
    </form>
  );
}

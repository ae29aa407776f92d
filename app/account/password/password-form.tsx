"use client";

import { type ReactNode, useActionState, useEffect, useRef } from "react";
import { UsernameField } from "@/app/_forms/username-field";
import { Notice } from "@/app/_ui/notice";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { changePasswordAction } from "@/app/account/password/actions";
import { NewPasswordField } from "@/app/account/password/new-password-field";
import { INITIAL_STATE } from "@/app/account/password/state";

const REFUSAL_ID = "password-refusal";

type PasswordFormProps = {
  username: string;
  least: number;
  ownWords: string[];
  /** Whether the present one was made by somebody else. */
  isTemporary: boolean;
  /** Where to go on to from a temporary one. */
  returnTo: string;
  notice: ReactNode;
};

/** `notice` says what was done last; whatever a try finds wrong takes its place. */
export function PasswordForm(props: PasswordFormProps) {
  const { username, least, ownWords, isTemporary, returnTo, notice } = props;
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
    <form
      ref={form}
      action={action}
      aria-label={isTemporary ? "Set your own password" : "Change password"}
      className="space-y-5"
    >
      <input type="hidden" name="returnTo" value={returnTo} />
      <UsernameField username={username} />
      {attempt === 0 && notice}
      {refusal && (
        <Notice key={attempt} id={REFUSAL_ID} role="alert" tone="danger">
          {refusal}
        </Notice>
      )}
      <PasswordField
        label={isTemporary ? "Temporary password" : "Current password"}
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
        {isTemporary ? "Set password" : "Change password"}
      </SubmitButton>
    </form>
  );
}

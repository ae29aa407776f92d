"use client";

import { useActionState, useEffect, useRef } from "react";
import { Notice } from "@/app/_ui/notice";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { NewPasswordField } from "@/app/account/password/new-password-field";
import { signUpAction } from "@/app/sign-up/actions";
import { INITIAL_SIGN_UP_STATE } from "@/app/sign-up/state";

const PLAIN = { autoCapitalize: "none", autoCorrect: "off", spellCheck: false } as const;
const NO_WORDS: string[] = [];

export function SignUpForm({ least }: { least: number }) {
  const [state, action] = useActionState(signUpAction, INITIAL_SIGN_UP_STATE);
  const { typed, errors, refusal, attempt } = state;
  const form = useRef<HTMLFormElement>(null);

  // An action's answer leaves the focus on the body; it belongs on what is to be mended first.
  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);

  return (
    <form ref={form} action={action} aria-label="Sign up" className="space-y-4">
      {refusal && (
        <Notice key={attempt} role="alert" tone="danger">
          {refusal}
        </Notice>
      )}
      <TextField
        {...PLAIN}
        label="User name"
        name="username"
        hint="No spaces and no @."
        autoComplete="username"
        defaultValue={typed.username}
        error={errors.username?.[0]}
        required
      />
      <TextField
        {...PLAIN}
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        defaultValue={typed.email}
        error={errors.email?.[0]}
        required
      />
      <TextField
        label="Name"
        name="name"
        hint="How others see you. You can leave it out."
        autoComplete="name"
        defaultValue={typed.name}
        error={errors.name?.[0]}
      />
      <NewPasswordField
        key={attempt}
        error={errors.newPassword?.[0]}
        least={least}
        ownWords={NO_WORDS}
      />
      <PasswordField
        label="New password, once more"
        name="confirmPassword"
        autoComplete="new-password"
        error={errors.confirmPassword?.[0]}
        required
      />
      <SubmitButton className="w-full" pendingLabel="Signing up…">
        Sign up
      </SubmitButton>
    </form>
  );
}

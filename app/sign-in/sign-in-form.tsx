"use client";

import { type ReactNode, useActionState, useEffect, useMemo, useRef, useState } from "react";
import { CheckboxField } from "@/app/_ui/checkbox-field";
import { Notice } from "@/app/_ui/notice";
import { PasswordField } from "@/app/_ui/password-field";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { signInAction } from "@/app/sign-in/actions";
import { PasskeySignIn } from "@/app/sign-in/passkey-sign-in";
import { ReturnToField } from "@/app/sign-in/return-to-field";
import { INITIAL_SIGN_IN_STATE } from "@/app/sign-in/state";

const ERROR_ID = "sign-in-error";

type SignInFormProps = { returnTo: string; notice: ReactNode };

/** `notice` says why one is here; an error takes its place. */
export function SignInForm({ returnTo, notice }: SignInFormProps) {
  const [state, action] = useActionState(signInAction, INITIAL_SIGN_IN_STATE);
  const password = useRef<HTMLInputElement>(null);
  // Whether the browser offers passkeys in the first field.
  const [isOffered, setOffered] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const offer = useMemo(() => ({ field, begin: () => setOffered(true) }), []);

  // An action's answer leaves the focus on the body; it belongs where the next attempt is typed.
  useEffect(() => {
    if (state.attempt > 0) password.current?.focus();
  }, [state.attempt]);

  return (
    <div className="space-y-5">
      <form action={action} aria-label="Sign in" className="space-y-4">
        <ReturnToField returnTo={returnTo} />
        {state.error ? (
          <Notice key={state.attempt} id={ERROR_ID} role="alert" tone="danger">
            {state.error}
            {state.isUnconfirmed && (
              <>
                {" "}
                <a href="/verify-email" className="font-medium underline">
                  Send that mail again
                </a>
              </>
            )}
          </Notice>
        ) : (
          notice
        )}
        <TextField
          ref={field}
          label="User name or email"
          name="identifier"
          defaultValue={state.identifier}
          autoComplete={isOffered ? "username webauthn" : "username"}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
        />
        <PasswordField
          ref={password}
          label="Password"
          name="password"
          autoComplete="current-password"
          aria-describedby={state.error ? ERROR_ID : undefined}
          required
        />
        <CheckboxField label="Stay signed in" name="remember" defaultChecked={state.remember} />
        <SubmitButton className="w-full" pendingLabel="Signing in…">
          Sign in
        </SubmitButton>
      </form>
      <PasskeySignIn returnTo={returnTo} offer={offer} />
    </div>
  );
}

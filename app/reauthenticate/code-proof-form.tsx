"use client";

import { useActionState, useEffect, useRef } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { reauthenticateAction } from "@/app/reauthenticate/actions";
import { INITIAL_STATE } from "@/app/reauthenticate/state";

type CodeProofFormProps = {
  returnTo: string;
  /** Whether no password will do. */
  isAlone: boolean;
};

/** The other way to prove it, where the account has a second factor. */
export function CodeProofForm({ returnTo, isAlone }: CodeProofFormProps) {
  const [{ error, attempt }, action] = useActionState(reauthenticateAction, INITIAL_STATE);
  const code = useRef<HTMLInputElement>(null);

  // An action's answer leaves the focus on the body; it belongs where the next try is typed.
  useEffect(() => {
    if (attempt > 0) code.current?.focus();
  }, [attempt]);

  return (
    <form
      action={action}
      aria-label="Confirm it is you by a code"
      className={isAlone ? "space-y-5" : "space-y-5 border-t border-line pt-5"}
    >
      <input type="hidden" name="returnTo" value={returnTo} />
      <TextField
        ref={code}
        label={isAlone ? "Code" : "Or a code from your app"}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        error={error ?? undefined}
        required
      />
      <SubmitButton
        variant={isAlone ? "primary" : "secondary"}
        className="w-full"
        pendingLabel="Checking…"
      >
        {isAlone ? "Continue" : "Continue by code"}
      </SubmitButton>
    </form>
  );
}

"use client";

import { useActionState } from "react";
import { type AskState, INITIAL_ASK_STATE } from "@/app/_forms/ask-by-name";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";

type AskByNameFormProps = {
  label: string;
  button: string;
  action: (previous: AskState, form: FormData) => Promise<AskState>;
};

/** Asks for a mail by a user name or an address. */
export function AskByNameForm({ label, button, action }: AskByNameFormProps) {
  const [{ error }, send] = useActionState(action, INITIAL_ASK_STATE);
  return (
    <form action={send} aria-label={label} className="space-y-5">
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
        {button}
      </SubmitButton>
    </form>
  );
}

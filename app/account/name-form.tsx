"use client";

import { useActionState, useEffect, useRef } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { TextField } from "@/app/_ui/text-field";
import { changeNameAction } from "@/app/account/actions";
import { INITIAL_NAME_STATE } from "@/app/account/name-state";

export function NameForm({ name }: { name: string }) {
  const [state, send] = useActionState(changeNameAction, INITIAL_NAME_STATE);
  const form = useRef<HTMLFormElement>(null);

  // An action's answer leaves the focus on the body; it belongs on what is to be mended.
  useEffect(() => {
    if (state.attempt > 0) form.current?.querySelector<HTMLElement>('[name="name"]')?.focus();
  }, [state.attempt]);

  return (
    <form
      ref={form}
      action={send}
      aria-label="Change your name"
      className="flex flex-wrap items-start gap-3"
    >
      <div className="min-w-0 max-w-form grow basis-64">
        <TextField
          label="Name"
          name="name"
          hint="As others here see it."
          autoComplete="name"
          defaultValue={state.name ?? name}
          error={state.error ?? undefined}
        />
      </div>
      {/* Beside the field: what is under that may be a hint or a fault. */}
      <div className="sm:pt-6.5">
        <SubmitButton variant="secondary" pendingLabel="Saving…">
          Save name
        </SubmitButton>
      </div>
    </form>
  );
}

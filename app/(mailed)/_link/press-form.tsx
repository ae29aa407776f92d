"use client";

import { useActionState } from "react";
import type { ButtonVariant } from "@/app/_ui/button-class";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { INITIAL_LINK_STATE, type LinkFormState } from "@/app/(mailed)/_link/state";

type PressFormProps = {
  label: string;
  action: (previous: LinkFormState, form: FormData) => Promise<LinkFormState>;
  variant?: ButtonVariant;
};

/** A form that is one button: only pressing it does what the mail is about. */
export function PressForm({ label, action, variant }: PressFormProps) {
  const [{ refusal, attempt }, send] = useActionState(action, INITIAL_LINK_STATE);
  return (
    <form action={send} aria-label={label} className="space-y-4">
      {refusal && (
        <Notice key={attempt} role="alert" tone="danger">
          {refusal}
        </Notice>
      )}
      <SubmitButton className="w-full" pendingLabel="One moment…" {...(variant ? { variant } : {})}>
        {label}
      </SubmitButton>
    </form>
  );
}

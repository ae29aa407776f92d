"use client";

import { useActionState } from "react";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { endChosenAction } from "@/app/admin/sessions/end/actions";

type ConfirmEndProps = {
  chosen: {
    count: number;
    fields: readonly (readonly [name: string, value: string])[];
    backTo: string;
  };
  isOwn: boolean;
};

const UNREACHABLE = "We could not be reached, so nothing was ended. Try again in a moment.";

/** Says what will happen before it does. */
export function ConfirmEnd({ chosen: { count, fields, backTo }, isOwn }: ConfirmEndProps) {
  const [error, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(endChosenAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} className="space-y-4">
      {fields.map(([name, value]) => (
        <input key={value} type="hidden" name={name} value={value} />
      ))}
      <p className="max-w-prose text-muted">
        {count === 1 ? "Its browser is" : "These browsers are"} signed out with the next request,
        and told that an administrator ended the session. Nothing else changes: who knows the
        password can sign in again.
      </p>
      {isOwn && <Notice tone="warning">The session you’re using now is among them.</Notice>}
      <Decision error={error} backTo={backTo}>
        <SubmitButton variant="danger" pendingLabel="Ending…">
          {count === 1 ? "End the session" : `End ${count} sessions`}
        </SubmitButton>
      </Decision>
    </form>
  );
}

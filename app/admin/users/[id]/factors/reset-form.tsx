"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { resetFactorsAction } from "@/app/admin/users/[id]/factors/actions";

const UNREACHABLE = "We could not be reached, so nothing was changed. Try again in a moment.";

export function ResetForm({ id }: { id: number }) {
  const [error, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(resetFactorsAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} aria-label="Reset the second factor" className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <Decision error={error} backTo={`/admin/users/${id}`}>
        <SubmitButton variant="danger" pendingLabel="One moment…">
          Reset it in 24 hours
        </SubmitButton>
      </Decision>
    </form>
  );
}

"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { openAccountAction } from "@/app/admin/users/[id]/open/actions";

const UNREACHABLE = "We could not be reached, so nothing was changed. Try again in a moment.";

export function OpenForm({ id }: { id: number }) {
  const [error, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(openAccountAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <Decision error={error} backTo={`/admin/users/${id}`}>
        <SubmitButton pendingLabel="One moment…">Open again</SubmitButton>
      </Decision>
    </form>
  );
}

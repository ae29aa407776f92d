"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { setStatusAction } from "@/app/admin/users/[id]/status/actions";

type StatusFormProps = { id: number; isActive: boolean };

const UNREACHABLE = "We could not be reached, so nothing was changed. Try again in a moment.";

export function StatusForm({ id, isActive }: StatusFormProps) {
  const [error, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(setStatusAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="status" value={isActive ? "disabled" : "active"} />
      <Decision error={error} backTo={`/admin/users/${id}`}>
        <SubmitButton variant={isActive ? "danger" : "primary"} pendingLabel="One moment…">
          {isActive ? "Disable the account" : "Enable the account"}
        </SubmitButton>
      </Decision>
    </form>
  );
}

"use client";

import { useActionState } from "react";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { Decision } from "@/app/admin/_console/decision";
import { sendLinkAction } from "@/app/admin/users/[id]/link/actions";

const UNREACHABLE = "We could not be reached, so nothing was sent. Try again in a moment.";

export function LinkForm({ id }: { id: number }) {
  const [error, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(sendLinkAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} aria-label="Send a link" className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <Decision error={error} backTo={`/admin/users/${id}`}>
        <SubmitButton pendingLabel="Sending…">Send the link</SubmitButton>
      </Decision>
    </form>
  );
}

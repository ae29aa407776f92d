"use client";

import { useActionState } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
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
      {error && (
        <Notice role="alert" tone="danger">
          {error}
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        <SubmitButton pendingLabel="One moment…">Open again</SubmitButton>
        <a href={`/admin/users/${id}`} className={buttonClass("secondary")}>
          Cancel
        </a>
      </div>
    </form>
  );
}

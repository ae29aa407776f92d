"use client";

import { type ReactNode, useActionState } from "react";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { retryMailAction } from "@/app/admin/mail/actions";

const UNREACHABLE = "We could not be reached. Try again in a moment.";

/** One form around the list: each button in it names a mail, or all that were given up. */
export function RetryForm({ hasFailed, children }: { hasFailed: boolean; children: ReactNode }) {
  const [outcome, send] = useActionState<string | null, FormData>(
    useReachable<string | null>(retryMailAction, UNREACHABLE),
    null,
  );
  return (
    <form action={send} aria-label="Send again" className="space-y-5">
      {outcome && <Notice role="status">{outcome}</Notice>}
      {children}
      {hasFailed && (
        <SubmitButton variant="secondary" name="id" value="all" pendingLabel="One moment…">
          Send all that were given up again
        </SubmitButton>
      )}
    </form>
  );
}

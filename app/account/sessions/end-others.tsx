"use client";

import { useActionState } from "react";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { type Outcome, UNREACHABLE } from "@/app/account/sessions/outcome";

type EndOthersProps = { others: number; end: () => Promise<Outcome> };

/** Says what came of it where the button was: there may be no other session left to end. */
export function EndOthers({ others, end }: EndOthersProps) {
  const [outcome, send] = useActionState<Outcome | null, FormData>(
    useReachable<Outcome | null>(end, UNREACHABLE),
    null,
  );
  return (
    <form action={send} className="space-y-3">
      {others > 0 && (
        <SubmitButton variant="secondary" pendingLabel="Ending…">
          {others === 1 ? "End the other session" : `End all ${others} others`}
        </SubmitButton>
      )}
      {outcome && (
        <Notice
          role={outcome.isError ? "alert" : "status"}
          tone={outcome.isError ? "danger" : "success"}
        >
          {outcome.words}
        </Notice>
      )}
    </form>
  );
}

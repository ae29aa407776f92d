"use client";

import { type ReactNode, useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Notice } from "@/app/_ui/notice";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useReachable } from "@/app/_ui/use-reachable";
import { type Outcome, UNREACHABLE } from "@/app/account/sessions/outcome";

interface Device {
  readonly id: string;
  /** What its button names for those who do not see the row. */
  readonly name: string;
  readonly isThis: boolean;
  readonly row: ReactNode;
}

type DeviceListProps = {
  devices: readonly Device[];
  others: number;
  end: (previous: Outcome | null, form: FormData) => Promise<Outcome | null>;
};

/**
 * Each with its button, one button for all, and one place for what came of the last that was pressed.
 * A row goes as soon as its button is pressed; an error brings it back and says why.
 */
export function DeviceList({ devices, others, end }: DeviceListProps) {
  const [outcome, send, isPending] = useActionState(useReachable(end, UNREACHABLE), null);
  const [pressed, setPressed] = useState<readonly string[]>([]);
  const notice = useRef<HTMLDivElement>(null);

  // The button that had the focus is gone with its row.
  useEffect(() => {
    if (outcome) notice.current?.focus();
  }, [outcome]);

  return (
    <>
      {outcome && (
        <div ref={notice} tabIndex={-1} className="mb-4 rounded-md">
          <Notice
            role={outcome.isError ? "alert" : "status"}
            tone={outcome.isError ? "danger" : "success"}
          >
            {outcome.words}
          </Notice>
        </div>
      )}
      {others > 0 && (
        <form action={send} className="mb-4">
          <SubmitButton variant="secondary" pendingLabel="Ending…">
            {others === 1 ? "End the other session" : `End all ${others} others`}
          </SubmitButton>
        </form>
      )}
      <ul className="-my-4 divide-y divide-line">
        {devices.map(({ id, name, isThis, row }) => (
          <li
            key={id}
            hidden={isPending && pressed.includes(id)}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-4"
          >
            {row}
            {!isThis && (
              <form
                action={send}
                onSubmit={() => setPressed(isPending ? [...pressed, id] : [id])}
                className="ml-8 sm:ml-0"
              >
                <input type="hidden" name="id" value={id} />
                <Button
                  type="submit"
                  variant="secondary"
                  className="pointer-fine:min-h-9 pointer-fine:py-1"
                >
                  End<span className="sr-only"> {name}</span>
                </Button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

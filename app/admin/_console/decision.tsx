import type { ReactNode } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { Notice } from "@/app/_ui/notice";

/** The end of a form that asks before something is done: why it came to nothing, its button, and the way back. */
export function Decision({
  error,
  backTo,
  children,
}: {
  error: string | null;
  backTo: string;
  children: ReactNode;
}) {
  return (
    <>
      {error && (
        <Notice role="alert" tone="danger">
          {error}
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        {children}
        <a href={backTo} className={buttonClass("secondary")}>
          Cancel
        </a>
      </div>
    </>
  );
}

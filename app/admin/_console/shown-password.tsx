import { type ReactNode, useEffect, useRef } from "react";
import { Notice } from "@/app/_ui/notice";

type ShownPasswordProps = {
  username: string;
  password: string;
  done: string;
  /** Where to go from here. */
  children: ReactNode;
};

/** The only place and time where a generated password can be read. */
export function ShownPassword({ username, password, done, children }: ShownPasswordProps) {
  const result = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone.
  useEffect(() => result.current?.focus(), []);
  return (
    <div ref={result} tabIndex={-1} className="max-w-form space-y-5 outline-none">
      <Notice role="status" tone="success">
        {done}
      </Notice>
      <div className="space-y-1.5">
        <p className="text-sm font-medium">Temporary password of {username}</p>
        <p className="rounded-md border border-line bg-sunken px-3.5 py-3 font-mono wrap-anywhere select-all">
          {password}
        </p>
        <p className="text-sm text-muted">
          Hand it over now: it is shown this once and cannot be looked up again. It opens nothing
          but the page where they set their own, and stops working after 7 days.
        </p>
      </div>
      <div className="flex flex-wrap gap-3">{children}</div>
    </div>
  );
}

import { useEffect, useRef } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { Notice } from "@/app/_ui/notice";

type AddedUserProps = { id: number; username: string; password: string };

/** The only place and time where the password can be read. */
export function AddedUser({ id, username, password }: AddedUserProps) {
  const result = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone.
  useEffect(() => result.current?.focus(), []);
  return (
    <div ref={result} tabIndex={-1} className="max-w-form space-y-5 outline-none">
      <Notice role="status" tone="success">
        {username} was added and can sign in.
      </Notice>
      <div className="space-y-1.5">
        <p className="text-sm font-medium">Password of {username}</p>
        <p className="rounded-md border border-line bg-sunken px-3.5 py-3 font-mono wrap-anywhere select-all">
          {password}
        </p>
        <p className="text-sm text-muted">
          Hand it over now: it is shown this once and cannot be looked up again.
        </p>
      </div>
      <div className="flex flex-wrap gap-3">
        <a href={`/admin/users/${id}`} className={buttonClass()}>
          Go to the user
        </a>
        <a href="/admin/users/new" className={buttonClass("secondary")}>
          Add another
        </a>
      </div>
    </div>
  );
}

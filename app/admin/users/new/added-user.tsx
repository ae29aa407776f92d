import { type ReactNode, useEffect, useRef } from "react";
import { buttonClass } from "@/app/_ui/button-class";
import { CopyButton } from "@/app/_ui/copy-button";
import { Notice } from "@/app/_ui/notice";
import { ShownPassword } from "@/app/admin/_console/shown-password";
import type { Added } from "@/app/admin/users/new/state";

/** Who was added, and how they get in. */
export function AddedUser({ added: { id, username, wayIn } }: { added: Added }) {
  const ways = (
    <>
      <a href={`/admin/users/${id}`} className={buttonClass()}>
        Go to the user
      </a>
      <a href="/admin/users/new" className={buttonClass("secondary")}>
        Add another
      </a>
    </>
  );
  if (wayIn.way === "password")
    return (
      <ShownPassword
        username={username}
        password={wayIn.password}
        done={`${username} was added and can sign in.`}
      >
        {ways}
      </ShownPassword>
    );
  return (
    <Invited
      done={
        wayIn.way === "mailed"
          ? `${username} was added. A link to choose a password is on its way to ${wayIn.email}; it works for 24 hours.`
          : `${username} was added.`
      }
    >
      {wayIn.way === "link" && <ShownLink username={username} link={wayIn.link} />}
      <div className="flex flex-wrap gap-3">{ways}</div>
    </Invited>
  );
}

function Invited({ done, children }: { done: string; children: ReactNode }) {
  const result = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone.
  useEffect(() => result.current?.focus(), []);
  return (
    <div ref={result} tabIndex={-1} className="max-w-form space-y-5 outline-none">
      <Notice role="status" tone="success">
        {done}
      </Notice>
      {children}
    </div>
  );
}

/** The only place and time where an invitation's link can be read. */
function ShownLink({ username, link }: { username: string; link: string }) {
  return (
    <div className="space-y-3">
      <p className="text-sm font-medium">Link by which {username} chooses a password</p>
      <p className="rounded-md border border-line bg-sunken px-3.5 py-3 font-mono text-sm wrap-anywhere select-all">
        {link}
      </p>
      <CopyButton text={link} label="Copy the link" />
      <p className="text-sm text-muted">
        Hand it over now: it is shown this once and cannot be looked up again. It works once, for 24
        hours. Whoever has it chooses the password.
      </p>
    </div>
  );
}

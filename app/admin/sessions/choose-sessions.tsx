import { Button } from "@/app/_ui/button";
import { type SessionRow, SessionTable } from "@/app/admin/_console/session-table";
import { deviceWords } from "@/lib/device";
import { mayActOn, type User } from "@/lib/users/user";

type ChooseSessionsProps = { rows: readonly SessionRow[]; actor: User; now: Date };

/** A form that only asks: the page that it leads to names what will happen, and changes it. */
export function ChooseSessions({ rows, actor, now }: ChooseSessionsProps) {
  const isOpen = ({ user }: SessionRow) => mayActOn(actor, user);
  return (
    <form action="/admin/sessions/end" className="space-y-4">
      <SessionTable
        label="Live sessions"
        rows={rows}
        now={now}
        choose={(row) => (isOpen(row) ? <Choice row={row} /> : null)}
      />
      {!rows.every(isOpen) && (
        <p className="text-sm text-muted">
          Sessions of people of a higher role than yours cannot be selected.
        </p>
      )}
      <Button type="submit" variant="secondary">
        End selected…
      </Button>
    </form>
  );
}

function Choice({ row: { session, user } }: { row: SessionRow }) {
  return (
    <label className="-my-1 flex size-11 cursor-pointer items-center justify-center">
      <span className="sr-only">
        {deviceWords(session.userAgent).name} of {user.username}
      </span>
      <input type="checkbox" name="id" value={session.id} className="size-4.5 cursor-pointer" />
    </label>
  );
}

import type { ReactNode } from "react";
import { DeviceLine } from "@/app/_devices/device-line";
import { LastActive } from "@/app/_devices/last-active";
import { Cell, DataTable, HeadCell, WIDE } from "@/app/_ui/data-table";
import { RelativeTime } from "@/app/_ui/relative-time";
import { UserLink } from "@/app/admin/_console/user-link";
import type { ListedSession } from "@/lib/session/session";
import type { User } from "@/lib/users/user";

export interface SessionRow {
  readonly session: ListedSession;
  readonly user: User;
}

type SessionTableProps = {
  label: string;
  rows: readonly SessionRow[];
  now: Date;
  /** What stands before each row, null for nothing; its column has no other name. */
  choose?: (row: SessionRow) => ReactNode;
  /** All of one user, who need not be named in each row. */
  isOfOne?: boolean;
};

/** Live sessions; each leads to its own page and to its user. */
export function SessionTable({ label, rows, now, choose, isOfOne = false }: SessionTableProps) {
  return (
    <DataTable
      label={label}
      head={
        <>
          {choose && (
            <HeadCell className="w-px">
              <span className="sr-only">Select</span>
            </HeadCell>
          )}
          <HeadCell>Device</HeadCell>
          {!isOfOne && <HeadCell className={WIDE}>User</HeadCell>}
          <HeadCell className={WIDE}>Signed in</HeadCell>
          <HeadCell className={WIDE}>Last active</HeadCell>
        </>
      }
    >
      {rows.map((row) => (
        <Row key={row.session.id} {...row} now={now} chooser={choose?.(row)} isOfOne={isOfOne} />
      ))}
    </DataTable>
  );
}

type RowProps = SessionRow & { now: Date; chooser: ReactNode; isOfOne: boolean };

function Row({ session, user, now, chooser, isOfOne }: RowProps) {
  return (
    <tr className="hover:bg-sunken">
      {chooser !== undefined && <Cell className="py-1! pr-0! sm:pr-0!">{chooser}</Cell>}
      <Cell>
        <DeviceLine userAgent={session.userAgent} href={`/admin/sessions/${session.id}`}>
          {session.ipAddress}
          <p className="md:hidden">
            {!isOfOne && (
              <>
                <UserLink id={user.id}>{user.username}</UserLink>
                {" · "}
              </>
            )}
            <LastActive at={session.lastActivityAt} now={now} />
          </p>
        </DeviceLine>
      </Cell>
      {!isOfOne && (
        <Cell className={WIDE}>
          <UserLink id={user.id}>{user.username}</UserLink>
          <p className="mt-0.5 max-w-52 truncate text-muted">{user.email}</p>
        </Cell>
      )}
      <Cell className={`whitespace-nowrap ${WIDE}`}>
        <RelativeTime at={session.createdAt} now={now} />
      </Cell>
      <Cell className={`whitespace-nowrap ${WIDE}`}>
        <LastActive at={session.lastActivityAt} now={now} />
      </Cell>
    </tr>
  );
}

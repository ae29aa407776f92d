import { Badge } from "@/app/_ui/badge";
import { Cell, DataTable, HeadCell, WIDE } from "@/app/_ui/data-table";
import { RelativeTime } from "@/app/_ui/relative-time";
import { UserLink } from "@/app/admin/_console/user-link";
import { ROLE_WORDS } from "@/lib/roles";
import type { ListedUser } from "@/lib/users/find";

type UserTableProps = { users: readonly ListedUser[]; now: Date };

export function UserTable({ users, now }: UserTableProps) {
  return (
    <DataTable
      label="Users"
      head={
        <>
          <HeadCell>User</HeadCell>
          <HeadCell className={WIDE}>Email</HeadCell>
          <HeadCell>Role</HeadCell>
          <HeadCell className={WIDE}>Last signed in</HeadCell>
        </>
      }
    >
      {users.map((user) => (
        <tr key={user.id} className="hover:bg-sunken">
          <Cell>
            <UserLink id={user.id}>{user.username}</UserLink>
            <p className="text-muted wrap-anywhere">{user.name}</p>
            <p className="text-muted wrap-anywhere md:hidden">{user.email}</p>
          </Cell>
          <Cell className={`wrap-anywhere ${WIDE}`}>{user.email}</Cell>
          <Cell className="space-x-1.5 space-y-1">
            <Badge tone={user.role === "member" ? "neutral" : "info"}>
              {ROLE_WORDS[user.role].name}
            </Badge>
            {user.passwordIsTemporary && <Badge tone="info">Temporary password</Badge>}
            {user.status === "disabled" && <Badge tone="warning">Disabled</Badge>}
          </Cell>
          <Cell className={`whitespace-nowrap ${WIDE}`}>
            {user.lastSignInAt ? <RelativeTime at={user.lastSignInAt} now={now} /> : "Never"}
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

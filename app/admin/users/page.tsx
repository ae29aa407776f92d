import type { Metadata } from "next";
import { z } from "zod";
import { buttonClass } from "@/app/_ui/button-class";
import { FilterForm } from "@/app/_ui/filter-form";
import { NothingFound } from "@/app/_ui/nothing-found";
import { PageLinks } from "@/app/_ui/page-links";
import { addressWith } from "@/app/admin/_console/address";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { firstPageIfBadCursor } from "@/app/admin/_console/first-page";
import { Cursor, Filter, ROWS_PER_PAGE } from "@/app/admin/_console/query";
import { SearchField } from "@/app/admin/_console/search-field";
import { listTotal } from "@/app/admin/_console/total-words";
import { UserTable } from "@/app/admin/users/user-table";
import { requireRole } from "@/lib/request/guards";
import { countUsers, searchUsers } from "@/lib/users/find";
import { isAtLeast } from "@/lib/users/user";

const PATH = "/admin/users";
const UserQuery = z.object({ q: Filter, cursor: Cursor });

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Users" };
}

export default async function UsersPage({ searchParams }: PageProps<"/admin/users">) {
  const { user } = await requireRole("staff");
  const now = new Date();
  const { q, cursor } = UserQuery.parse(await searchParams);
  const first = addressWith(PATH, { q });
  const page = { cursor, limit: ROWS_PER_PAGE };
  const { users, nextCursor } = await firstPageIfBadCursor(first, searchUsers(q, page));
  const isFiltered = q !== undefined;
  const isWhole = !cursor && nextCursor === null;
  const total = await listTotal({ rows: users.length, isWhole, isFiltered }, countUsers, {
    one: "user",
    many: "users",
  });
  return (
    <ConsolePage
      user={user}
      current={PATH}
      title="Users"
      lead={`${total ?? "Everybody who has an account"}, the newest first.`}
      actions={
        isAtLeast(user.role, "admin") && (
          <a href="/admin/users/new" className={buttonClass()}>
            Add a user
          </a>
        )
      }
    >
      <FilterForm action={PATH} label="Find users" isFiltered={isFiltered}>
        <SearchField
          label="Search"
          placeholder="Part of a user name, name or email, or an id"
          typed={q}
        />
      </FilterForm>
      {users.length === 0 ? (
        <NothingFound title="Nobody fits" isFiltered goesOn={nextCursor !== null} />
      ) : (
        <UserTable users={users} now={now} />
      )}
      <PageLinks
        first={cursor ? first : null}
        next={nextCursor && addressWith(PATH, { q, cursor: nextCursor })}
      />
    </ConsolePage>
  );
}

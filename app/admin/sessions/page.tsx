import type { Metadata } from "next";
import { FilterForm } from "@/app/_ui/filter-form";
import { NothingFound } from "@/app/_ui/nothing-found";
import { PageLinks } from "@/app/_ui/page-links";
import { TextField } from "@/app/_ui/text-field";
import { addressWith } from "@/app/admin/_console/address";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { DoneNotice } from "@/app/admin/_console/done-notice";
import { FilterChips } from "@/app/admin/_console/filter-chips";
import { findSessions, SessionQuery } from "@/app/admin/_console/find-sessions";
import { firstPageIfBadCursor } from "@/app/admin/_console/first-page";
import { SearchField } from "@/app/admin/_console/search-field";
import { listTotal } from "@/app/admin/_console/total-words";
import { ChooseSessions } from "@/app/admin/sessions/choose-sessions";
import { requireRole } from "@/lib/request/guards";
import { aboutLive } from "@/lib/session/stats";

const PATH = "/admin/sessions";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Sessions" };
}

export default async function SessionsPage({ searchParams }: PageProps<"/admin/sessions">) {
  const { user } = await requireRole("staff");
  const now = new Date();
  const asked = await searchParams;
  const query = SessionQuery.parse(asked);
  const { cursor, ...filters } = query;
  const first = addressWith(PATH, filters);
  const { sessions, nextCursor } = await firstPageIfBadCursor(first, findSessions(query, now));
  const isFiltered = Object.values(filters).some(Boolean);
  const total = await listTotal(
    { rows: sessions.length, isWhole: !cursor && nextCursor === null, isFiltered },
    () => aboutLive(now),
    { one: "live session", many: "live sessions" },
  );
  return (
    <ConsolePage
      user={user}
      current={PATH}
      title="Live sessions"
      lead={`${total ?? "Every browser that is signed in"}, newest activity first.`}
    >
      <DoneNotice ended={asked.ended} />
      <FilterForm action={PATH} label="Find sessions" isFiltered={isFiltered}>
        <SearchField
          label="Search"
          placeholder="Person, address, network or session id"
          typed={filters.q}
        />
        <TextField
          label="Browser"
          name="browser"
          defaultValue={filters.browser}
          placeholder="Firefox"
        />
        <FilterChips
          path={PATH}
          parameters={filters}
          words={{ user: "User", address: "Address" }}
        />
      </FilterForm>
      {sessions.length === 0 ? (
        <NothingFound
          title={isFiltered ? "No live session fits" : "Nobody is signed in"}
          isFiltered={isFiltered}
          goesOn={nextCursor !== null}
        />
      ) : (
        <ChooseSessions rows={sessions} actor={user} now={now} />
      )}
      <PageLinks
        first={cursor ? first : null}
        next={nextCursor && addressWith(PATH, { ...filters, cursor: nextCursor })}
      />
    </ConsolePage>
  );
}

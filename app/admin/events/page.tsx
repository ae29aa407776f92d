import type { Metadata } from "next";
import { NothingFound } from "@/app/_ui/nothing-found";
import { PageLinks } from "@/app/_ui/page-links";
import { addressWith } from "@/app/admin/_console/address";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { EventQuery, eventFilter, filterParameters } from "@/app/admin/_console/find-events";
import { firstPageIfBadCursor } from "@/app/admin/_console/first-page";
import { ROWS_PER_PAGE } from "@/app/admin/_console/query";
import { EventFilters } from "@/app/admin/events/event-filters";
import { EventTable } from "@/app/admin/events/event-table";
import { ExportLinks } from "@/app/admin/events/export-links";
import { searchEvents } from "@/lib/events/read";
import { requireRole } from "@/lib/request/guards";

const PATH = "/admin/events";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Events" };
}

export default async function EventsPage({ searchParams }: PageProps<"/admin/events">) {
  const { user } = await requireRole("staff");
  const now = new Date();
  const query = EventQuery.parse(await searchParams);
  const parameters = filterParameters(query);
  const first = addressWith(PATH, parameters);
  const filter = await eventFilter(query);
  const page = { cursor: query.cursor, limit: ROWS_PER_PAGE };
  const { events, nextCursor } = filter
    ? await firstPageIfBadCursor(first, searchEvents(filter, page))
    : { events: [], nextCursor: null };
  return (
    <ConsolePage
      user={user}
      current={PATH}
      title="Events"
      lead="Everything that happened, newest first. Times are UTC."
      actions={<ExportLinks parameters={parameters} />}
    >
      <EventFilters path={PATH} parameters={parameters} />
      {events.length === 0 ? (
        <NothingFound title="No event fits" isFiltered goesOn={nextCursor !== null} />
      ) : (
        <EventTable events={events} now={now} />
      )}
      <PageLinks
        first={query.cursor ? first : null}
        next={nextCursor && addressWith(PATH, { ...parameters, cursor: nextCursor })}
      />
    </ConsolePage>
  );
}

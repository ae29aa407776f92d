import { Badge } from "@/app/_ui/badge";
import { RelativeTime } from "@/app/_ui/relative-time";
import { EventDetail } from "@/app/admin/_console/event-detail";
import { EVENT_NAMES, eventTone } from "@/app/admin/_console/event-words";
import type { LoggedEvent } from "@/lib/events/read";
import { usernamesOf } from "@/lib/users/find";

type EventListProps = { events: readonly LoggedEvent[]; now: Date };

/** What happened to one session or user, newest first. */
export async function EventList({ events, now }: EventListProps) {
  if (events.length === 0) return <p className="text-sm text-muted">The log says nothing of it.</p>;
  const names = await usernamesOf(events.flatMap(({ actorId }) => actorId ?? []));
  return (
    <ol className="-my-3 divide-y divide-line text-sm">
      {events.map((event) => (
        <li key={event.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-3">
          <Badge tone={eventTone(event.type)}>{EVENT_NAMES[event.type]}</Badge>
          <span className="min-w-0 flex-1 basis-52 wrap-anywhere">
            <EventDetail event={event} names={names} />
          </span>
          <span className="text-muted">
            {event.ipAddress && `${event.ipAddress} · `}
            <RelativeTime at={event.at} now={now} />
          </span>
        </li>
      ))}
    </ol>
  );
}

import { Badge } from "@/app/_ui/badge";
import { Cell, DataTable, HeadCell, WIDE } from "@/app/_ui/data-table";
import { RelativeTime } from "@/app/_ui/relative-time";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { EventDetail } from "@/app/admin/_console/event-detail";
import { EVENT_NAMES, eventTone } from "@/app/admin/_console/event-words";
import { UserLink } from "@/app/admin/_console/user-link";
import { deviceWords } from "@/lib/device";
import type { LoggedEvent } from "@/lib/events/read";
import { usernamesOf } from "@/lib/users/find";

type EventTableProps = { events: readonly LoggedEvent[]; now: Date };

export async function EventTable({ events, now }: EventTableProps) {
  const ids = events.flatMap(({ userId, actorId }) => [userId ?? [], actorId ?? []].flat());
  const names = await usernamesOf(ids);
  return (
    <DataTable
      label="Events"
      head={
        <>
          <HeadCell>What</HeadCell>
          <HeadCell className={WIDE}>User</HeadCell>
          <HeadCell className={WIDE}>From</HeadCell>
          <HeadCell>When</HeadCell>
        </>
      }
    >
      {events.map((event) => (
        <Row key={event.id} event={event} names={names} now={now} />
      ))}
    </DataTable>
  );
}

type RowProps = { event: LoggedEvent; names: ReadonlyMap<number, string>; now: Date };

function Row({ event, names, now }: RowProps) {
  const { type, userId, sessionId, ipAddress, userAgent, at } = event;
  const link = (id: number) => <UserLink id={id}>{names.get(id) ?? `user ${id}`}</UserLink>;
  return (
    <tr className="hover:bg-sunken">
      <Cell>
        <Badge tone={eventTone(type)}>{EVENT_NAMES[type]}</Badge>
        <p className="mt-1 text-muted wrap-anywhere empty:hidden">
          <EventDetail event={event} names={names} />
        </p>
        <p className="mt-1 text-muted md:hidden">
          {userId ? link(userId) : "Nobody known"} · {ipAddress}
        </p>
      </Cell>
      <Cell className={`wrap-anywhere ${WIDE}`}>
        {userId ? link(userId) : <span className="text-muted">Nobody known</span>}
      </Cell>
      <Cell className={WIDE}>
        {ipAddress && (
          <a href={`/admin/events?address=${encodeURIComponent(ipAddress)}`} className={TEXT_LINK}>
            {ipAddress}
          </a>
        )}
        {userAgent && <p className="text-muted wrap-anywhere">{deviceWords(userAgent).name}</p>}
      </Cell>
      <Cell className="whitespace-nowrap">
        <RelativeTime at={at} now={now} />
        {sessionId && (
          <p>
            <a href={`/admin/sessions/${sessionId}`} className={TEXT_LINK}>
              Session
            </a>
          </p>
        )}
      </Cell>
    </tr>
  );
}

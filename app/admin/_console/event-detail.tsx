import { eventDetail } from "@/app/admin/_console/event-words";
import { UserLink } from "@/app/admin/_console/user-link";
import type { LoggedEvent } from "@/lib/events/read";

type EventDetailProps = { event: LoggedEvent; names: ReadonlyMap<number, string> };

/** What else an event tells, and who did it where that is somebody else. */
export function EventDetail({ event, names }: EventDetailProps) {
  const { actorId, userId } = event;
  const words = eventDetail(event);
  if (!actorId || actorId === userId) return words;
  return (
    <>
      {words ? `${words}: ` : "By "}
      <UserLink id={actorId}>{names.get(actorId) ?? `user ${actorId}`}</UserLink>
    </>
  );
}

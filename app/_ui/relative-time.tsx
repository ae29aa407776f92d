import { exactTime, relativeTime } from "@/lib/time-words";

/** Rendered on the server against one `now` per page, so that all times of a page agree. */
export function RelativeTime({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

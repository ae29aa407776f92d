import { RelativeTime } from "@/app/_ui/relative-time";
import { exactTime } from "@/lib/time-words";

/** Use is written down once a minute: what is a little older may well be going on. */
const NOW_MS = 5 * 60_000;

export function isActiveNow(lastActivityAt: Date, now: Date): boolean {
  return now.getTime() - lastActivityAt.getTime() < NOW_MS;
}

export function LastActive({ at, now }: { at: Date; now: Date }) {
  if (!isActiveNow(at, now)) return <RelativeTime at={at} now={now} />;
  return (
    <span className="inline-flex items-center gap-1.5 text-success" title={exactTime(at)}>
      <svg viewBox="0 0 8 8" className="size-2 fill-current" aria-hidden="true">
        <circle cx="4" cy="4" r="4" />
      </svg>
      Active now
    </span>
  );
}

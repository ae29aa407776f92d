import { DeviceLine } from "@/app/_devices/device-line";
import { Card } from "@/app/_ui/card";
import { RelativeTime } from "@/app/_ui/relative-time";
import { endWords } from "@/lib/session/history";
import type { ListedSession } from "@/lib/session/session";

type EndedSessionsProps = { ended: readonly ListedSession[]; now: Date };

const SHOWN = 20;

/** Sessions of one's own that are over, each with why. */
export function EndedSessions({ ended, now }: EndedSessionsProps) {
  return (
    <Card title="Ended in the last 30 days">
      {ended.length === 0 ? (
        <p className="text-sm text-muted">None of your sessions has ended lately.</p>
      ) : (
        <ul className="-my-4 divide-y divide-line">
          {ended.slice(0, SHOWN).map(({ id, userAgent, ipAddress, endedAt, endReason }) => (
            <li key={id} className="flex py-4">
              <DeviceLine userAgent={userAgent}>
                {endReason && endWords(endReason)}
                <span aria-hidden="true"> · </span>
                {endedAt && <RelativeTime at={endedAt} now={now} />}
                <span aria-hidden="true"> · </span>
                {ipAddress}
              </DeviceLine>
            </li>
          ))}
        </ul>
      )}
      {ended.length > SHOWN && (
        <p className="mt-4 border-t border-line pt-4 text-sm text-muted">
          The {SHOWN} that ended last are shown.
        </p>
      )}
    </Card>
  );
}

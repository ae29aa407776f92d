import { DeviceLine } from "@/app/_devices/device-line";
import { Card } from "@/app/_ui/card";
import { RelativeTime } from "@/app/_ui/relative-time";
import { UserLink } from "@/app/admin/_console/user-link";
import { withReasons } from "@/lib/session/history";
import type { ListedSession } from "@/lib/session/session";

type WhyEndedProps = { person: { id: number }; ended: readonly ListedSession[]; now: Date };

const SHOWN = 20;

/** Each ended session with when, why and by whom: what to answer who asks "why was I signed out?". */
export async function WhyEnded({ person, ended, now }: WhyEndedProps) {
  const shown = await withReasons(person, ended.slice(0, SHOWN));
  return (
    <Card title="Why sessions ended">
      {shown.length === 0 ? (
        <p className="text-sm text-muted">No session has ended in the last 30 days.</p>
      ) : (
        <ul className="-my-4 divide-y divide-line">
          {shown.map(({ session: { id, userAgent, ipAddress, endedAt }, words, by }) => (
            <li key={id} className="flex py-4">
              <DeviceLine userAgent={userAgent} href={`/admin/sessions/${id}`}>
                <span className="text-ink">{words}</span>
                {by && (
                  <>
                    {": "}
                    <UserLink id={by.id}>{by.username}</UserLink>
                  </>
                )}
                {endedAt && (
                  <>
                    {" · "}
                    <RelativeTime at={endedAt} now={now} />
                  </>
                )}
                {` · ${ipAddress}`}
              </DeviceLine>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

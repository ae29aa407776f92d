import { DeviceLine } from "@/app/_devices/device-line";
import { Card } from "@/app/_ui/card";
import { RelativeTime } from "@/app/_ui/relative-time";
import type { LoggedEvent } from "@/lib/events/read";

type FailedSignInsProps = { failures: readonly LoggedEvent[]; now: Date };

/** Tries to sign in to this account that did not succeed. */
export function FailedSignIns({ failures, now }: FailedSignInsProps) {
  return (
    <Card title="Failed sign-ins of the last 30 days">
      {failures.length === 0 ? (
        <p className="text-sm text-muted">Nobody has tried to sign in as you and failed.</p>
      ) : (
        <>
          <p className="mb-4 text-sm text-muted">
            If these were not you, somebody is guessing your password. It holds as long as it is
            long and used nowhere else.
          </p>
          <ul className="-mb-3 divide-y divide-line">
            {failures.map(({ id, at, type, userAgent, ipAddress }) => (
              <li key={id} className="flex py-3">
                <DeviceLine userAgent={userAgent}>
                  <RelativeTime at={at} now={now} /> from {ipAddress || "an unknown address"}
                  {type === "sign_in_throttled" && ", held back: too many tries"}
                </DeviceLine>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

import { RelativeTime } from "@/app/_ui/relative-time";
import { deviceWords } from "@/lib/device";
import type { SeenDevice } from "@/lib/session/devices";

/** Where else a session was used from, the first seen first; nothing where that is nowhere. */
export function AlsoFrom({ devices, now }: { devices: readonly SeenDevice[]; now: Date }) {
  if (devices.length === 0) return null;
  return (
    <ul className="mt-1 space-y-1">
      {devices.map(({ ipAddress, userAgent, firstSeenAt }) => (
        <li key={`${ipAddress} ${userAgent}`}>
          Also used from {deviceWords(userAgent).name}, {ipAddress || "an unknown address"}, first{" "}
          <RelativeTime at={firstSeenAt} now={now} />
        </li>
      ))}
    </ul>
  );
}

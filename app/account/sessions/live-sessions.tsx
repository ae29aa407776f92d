import { AlsoFrom } from "@/app/_devices/also-from";
import { DeviceLine } from "@/app/_devices/device-line";
import { LastActive } from "@/app/_devices/last-active";
import { Badge } from "@/app/_ui/badge";
import { Card } from "@/app/_ui/card";
import { RelativeTime } from "@/app/_ui/relative-time";
import { endAction } from "@/app/account/sessions/actions";
import { DeviceList } from "@/app/account/sessions/device-list";
import { deviceWords } from "@/lib/device";
import { methodWords } from "@/lib/factors/method-words";
import type { SeenDevice } from "@/lib/session/devices";
import type { ListedSession } from "@/lib/session/session";

type LiveSession = ListedSession & { readonly alsoFrom: readonly SeenDevice[] };
type LiveSessionsProps = { sessions: readonly LiveSession[]; currentId: string; now: Date };

/** This browser first, then the others, newest activity first. */
export function LiveSessions({ sessions, currentId, now }: LiveSessionsProps) {
  const devices = sessions.map((session) => ({
    id: session.id,
    name: `${deviceWords(session.userAgent).name}, ${session.ipAddress}`,
    isThis: session.id === currentId,
    row: <Row session={session} isThis={session.id === currentId} now={now} />,
  }));
  return (
    <Card title="Signed in now">
      <DeviceList devices={devices} others={sessions.length - 1} end={endAction} />
      {sessions.length === 1 && (
        <p className="mt-4 border-t border-line pt-4 text-sm text-muted">
          No other browser is signed in to your account.
        </p>
      )}
    </Card>
  );
}

type RowProps = { session: LiveSession; isThis: boolean; now: Date };

function Row({
  session: { userAgent, ipAddress, createdAt, lastActivityAt, methods, alsoFrom },
  isThis,
  now,
}: RowProps) {
  return (
    <DeviceLine userAgent={userAgent} mark={isThis && <Badge tone="success">This device</Badge>}>
      <LastActive at={isThis ? now : lastActivityAt} now={now} />
      <Dot />
      {ipAddress}
      <Dot />
      signed in <RelativeTime at={createdAt} now={now} />
      {methods.length > 0 && ` by ${methodWords(methods)}`}
      <AlsoFrom devices={alsoFrom} now={now} />
    </DeviceLine>
  );
}

function Dot() {
  return <span aria-hidden="true"> · </span>;
}

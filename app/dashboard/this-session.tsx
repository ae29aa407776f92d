import { Badge } from "@/app/_ui/badge";
import { Card } from "@/app/_ui/card";
import { Definition, DefinitionList } from "@/app/_ui/definition-list";
import { RelativeTime } from "@/app/_ui/relative-time";
import { deviceWords } from "@/lib/device";
import { exactTime } from "@/lib/time-words";

type SessionFacts = {
  createdAt: Date;
  lastActivityAt: Date;
  expiresAt: Date;
  absoluteExpiresAt: Date;
  persistent: boolean;
  ipAddress: string;
  userAgent: string;
};

export function ThisSession({ session, now }: { session: SessionFacts; now: Date }) {
  const when = (term: string, at: Date) => (
    <Definition term={term} detail={exactTime(at)}>
      <RelativeTime at={at} now={now} />
    </Definition>
  );
  return (
    <Card title="This session" aside={<Badge tone="success">Active</Badge>}>
      <DefinitionList>
        <Definition term="Device" detail={session.ipAddress}>
          <span title={session.userAgent}>{deviceWords(session.userAgent).name}</span>
        </Definition>
        {when("Signed in", session.createdAt)}
        {when("Last active", session.lastActivityAt)}
        {when("Ends if nothing happens", session.expiresAt)}
        {when("Ends at the latest", session.absoluteExpiresAt)}
        <Definition term="In this browser">
          {session.persistent
            ? "Stays signed in when the browser closes"
            : "Signed in until the browser closes"}
        </Definition>
      </DefinitionList>
    </Card>
  );
}

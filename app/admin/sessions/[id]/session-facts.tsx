import { AlsoFrom } from "@/app/_devices/also-from";
import { LastActive } from "@/app/_devices/last-active";
import { Badge } from "@/app/_ui/badge";
import { Card } from "@/app/_ui/card";
import { Definition, DefinitionList } from "@/app/_ui/definition-list";
import { RelativeTime } from "@/app/_ui/relative-time";
import { UserLink } from "@/app/admin/_console/user-link";
import { methodWords } from "@/lib/factors/method-words";
import { endWords, type SessionDetails } from "@/lib/session/history";
import { exactTime } from "@/lib/time-words";
import type { User } from "@/lib/users/user";

type SessionFactsProps = { session: SessionDetails["session"]; owner: User; now: Date };

/** A session's times and limits; nothing of what signs it in. */
export function SessionFacts({ session, owner, now }: SessionFactsProps) {
  const { endedAt, endReason } = session;
  const when = (term: string, at: Date) => (
    <Definition term={term} detail={exactTime(at)}>
      <RelativeTime at={at} now={now} />
    </Definition>
  );
  return (
    <Card
      title="This session"
      aside={endedAt ? <Badge>Ended</Badge> : <Badge tone="success">Live</Badge>}
    >
      <DefinitionList>
        {endedAt && endReason && when(`Ended: ${endWords(endReason)}`, endedAt)}
        <Definition term="User" detail={owner.email}>
          <UserLink id={owner.id}>{owner.username}</UserLink>
        </Definition>
        <Definition term="Device" detail={session.userAgent}>
          {session.ipAddress || "unknown address"}
          <AlsoFrom devices={session.alsoFrom} now={now} />
        </Definition>
        {when("Signed in", session.createdAt)}
        {when("Proved", session.authenticatedAt)}
        {session.methods.length > 0 && (
          <Definition term="Proved by">{methodWords(session.methods)}</Definition>
        )}
        <Definition term="Last active" detail={exactTime(session.lastActivityAt)}>
          {endedAt ? (
            <RelativeTime at={session.lastActivityAt} now={now} />
          ) : (
            <LastActive at={session.lastActivityAt} now={now} />
          )}
        </Definition>
        {!endedAt && when("Ends if nothing happens", session.expiresAt)}
        {!endedAt && when("Ends at the latest", session.absoluteExpiresAt)}
        <Definition term="In its browser">
          {session.persistent ? "Outlives the browser" : "Ends when the browser closes"}
        </Definition>
        <Definition term="Id">
          <code className="font-mono text-sm select-all">{session.id}</code>
        </Definition>
      </DefinitionList>
    </Card>
  );
}

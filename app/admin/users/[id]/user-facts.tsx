import { Badge } from "@/app/_ui/badge";
import { Card } from "@/app/_ui/card";
import { Definition, DefinitionList } from "@/app/_ui/definition-list";
import { RelativeTime } from "@/app/_ui/relative-time";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { isPasswordOver, temporaryPasswordEnd } from "@/lib/auth/password";
import type { Factors } from "@/lib/factors/factors";
import { ROLE_WORDS } from "@/lib/roles";
import { exactTime } from "@/lib/time-words";
import type { ListedUser } from "@/lib/users/find";

type UserFactsProps = { person: ListedUser; factors: Factors; now: Date };

export function UserFacts({ person, factors, now }: UserFactsProps) {
  const { id, username, role, status, createdAt, lastSignInAt } = person;
  const temporaryUntil = temporaryPasswordEnd(person);
  const isActive = status === "active";
  return (
    <Card
      title="Account"
      aside={
        <Badge tone={isActive ? "success" : "warning"}>{isActive ? "Active" : "Disabled"}</Badge>
      }
    >
      <DefinitionList>
        <Definition term="User name" detail={`Id ${id}`}>
          {username}
        </Definition>
        <Definition term="Role" detail={ROLE_WORDS[role].may}>
          {ROLE_WORDS[role].name}
        </Definition>
        <Definition term="Last signed in" detail={lastSignInAt && exactTime(lastSignInAt)}>
          {lastSignInAt ? <RelativeTime at={lastSignInAt} now={now} /> : "Never"}
        </Definition>
        {temporaryUntil && (
          <Definition term="Temporary password" detail={exactTime(temporaryUntil)}>
            {isPasswordOver(person, now) ? "Ran out " : "Runs out "}
            <RelativeTime at={temporaryUntil} now={now} />
          </Definition>
        )}
        <Definition
          term="Second factor"
          detail={factors.resetAt && `Goes ${exactTime(factors.resetAt)}, unless they stop it`}
        >
          {factorWords(factors)}
        </Definition>
        <Definition term="Added" detail={exactTime(createdAt)}>
          <RelativeTime at={createdAt} now={now} />
        </Definition>
        <Definition term="History">
          <a href={`/admin/events?user=${id}`} className={TEXT_LINK}>
            Everything in the event log
          </a>
        </Definition>
      </DefinitionList>
    </Card>
  );
}

function factorWords({ totpSince, passkeys, recoveryCodes }: Factors): string {
  const has = [
    ...(totpSince ? ["authenticator app"] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? "1 passkey" : `${passkeys} passkeys`] : []),
  ];
  return has.length === 0 ? "None" : `${has.join(", ")}; ${recoveryCodes} recovery codes left`;
}

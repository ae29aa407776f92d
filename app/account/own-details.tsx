import { Card } from "@/app/_ui/card";
import { Definition, DefinitionList } from "@/app/_ui/definition-list";
import { RelativeTime } from "@/app/_ui/relative-time";
import { NameForm } from "@/app/account/name-form";
import { ROLE_WORDS } from "@/lib/roles";
import { exactTime } from "@/lib/time-words";
import type { User } from "@/lib/users/user";

type OwnDetailsProps = {
  user: User;
  times: { createdAt: Date; lastSignInAt: Date | null } | null;
  now: Date;
};

export function OwnDetails({ user, times, now }: OwnDetailsProps) {
  const role = ROLE_WORDS[user.role];
  const when = (term: string, at: Date | null | undefined) =>
    at && (
      <Definition term={term} detail={exactTime(at)}>
        <RelativeTime at={at} now={now} />
      </Definition>
    );
  return (
    <Card title="Your details">
      <div className="mb-6 border-b border-line pb-6">
        <NameForm name={user.name} />
      </div>
      <DefinitionList>
        <Definition term="User name">{user.username}</Definition>
        <Definition term="Email">{user.email}</Definition>
        <Definition term="Role" detail={role.may}>
          {role.name}
        </Definition>
        {when("Member since", times?.createdAt)}
        {when("Last sign-in", times?.lastSignInAt)}
      </DefinitionList>
      <p className="mt-6 text-sm text-muted">An administrator of this site can change your role.</p>
    </Card>
  );
}

import type { Metadata } from "next";
import { displayName } from "@/app/_shell/person";
import { Notice } from "@/app/_ui/notice";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { DoneNotice } from "@/app/admin/_console/done-notice";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { ClosedNotice } from "@/app/admin/users/[id]/closed-notice";
import { TheirSessions } from "@/app/admin/users/[id]/their-sessions";
import { UserActions } from "@/app/admin/users/[id]/user-actions";
import { UserFacts } from "@/app/admin/users/[id]/user-facts";
import { WhyEnded } from "@/app/admin/users/[id]/why-ended";
import { isClosed } from "@/lib/auth/closed-accounts";
import { factorsOf } from "@/lib/factors/factors";
import { requireRole } from "@/lib/request/guards";
import { listForUser } from "@/lib/session/list";
import { isAtLeast, mayActOn } from "@/lib/users/user";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "User" };
}

export default async function UserPage({ params, searchParams }: PageProps<"/admin/users/[id]">) {
  const { user } = await requireRole("staff");
  const { ended, mailed } = await searchParams;
  const now = new Date();
  const person = await userOfAddress(params);
  const [sessions, isShut, factors] = await Promise.all([
    listForUser(person, now),
    isClosed(person.id),
    factorsOf(person.id),
  ]);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={displayName(person)}
      lead={person.email}
      actions={
        isAtLeast(user.role, "admin") && (
          <UserActions person={person} isOwn={person.id === user.id} />
        )
      }
    >
      <DoneNotice ended={ended} />
      <div className="space-y-6">
        {mailed === "1" && (
          <Notice role="status" tone="success">
            A link to set a new password is on its way to {person.email}.
          </Notice>
        )}
        {isShut && <ClosedNotice id={person.id} mayOpen={isAtLeast(user.role, "admin")} />}
        <UserFacts person={person} factors={factors} now={now} />
        <TheirSessions
          person={person}
          live={sessions.live}
          isOpen={mayActOn(user, person)}
          now={now}
        />
        <WhyEnded person={person} ended={sessions.ended} now={now} />
      </div>
    </ConsolePage>
  );
}

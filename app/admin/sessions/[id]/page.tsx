import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { buttonClass } from "@/app/_ui/button-class";
import { Card } from "@/app/_ui/card";
import { CodeBlock } from "@/app/_ui/code-block";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { EventList } from "@/app/admin/_console/event-list";
import { HIGHER_ROLE } from "@/app/admin/_console/higher-role";
import { SessionFacts } from "@/app/admin/sessions/[id]/session-facts";
import { SessionId } from "@/lib/api/fields";
import { deviceWords } from "@/lib/device";
import { addressId } from "@/lib/request/body";
import { requireRole } from "@/lib/request/guards";
import { findSessionDetails } from "@/lib/session/history";
import { mayActOn } from "@/lib/users/user";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Session" };
}

export default async function SessionPage({ params }: PageProps<"/admin/sessions/[id]">) {
  const { user } = await requireRole("staff");
  const id = await addressId({ params }, SessionId);
  const now = new Date();
  const whole = id && (await findSessionDetails(id, now));
  if (!whole) notFound();
  const { session, user: owner, events } = whole;
  const isOpen = mayActOn(user, owner);
  return (
    <ConsolePage
      user={user}
      current="/admin/sessions"
      title={deviceWords(session.userAgent).name}
      lead={`A session of ${owner.username}${isOpen ? "" : `. ${HIGHER_ROLE}`}`}
      actions={
        !session.endedAt &&
        isOpen && (
          <a href={`/admin/sessions/end?id=${session.id}`} className={buttonClass("danger")}>
            End this session…
          </a>
        )
      }
    >
      <div className="space-y-6">
        <SessionFacts session={session} owner={owner} now={now} />
        <Card title="Data of the application">
          <CodeBlock label="Session data">{JSON.stringify(session.data, null, 2)}</CodeBlock>
        </Card>
        <Card title="What happened">
          <EventList events={events} now={now} />
        </Card>
      </div>
    </ConsolePage>
  );
}

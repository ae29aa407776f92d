import type { Metadata } from "next";
import { EmptyState } from "@/app/_ui/empty-state";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { HIGHER_ROLE } from "@/app/admin/_console/higher-role";
import { SessionTable } from "@/app/admin/_console/session-table";
import { chosenSessions } from "@/app/admin/sessions/end/chosen";
import { ConfirmEnd } from "@/app/admin/sessions/end/confirm-end";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("staff");
  return { title: "End sessions" };
}

export default async function EndSessionsPage({ searchParams }: PageProps<"/admin/sessions/end">) {
  const { user, session } = await requireRecentProof("staff");
  const now = new Date();
  const chosen = await chosenSessions(await searchParams, user, now);
  const isOwn = chosen.rows.some((row) => row.session.id === session.id);
  return (
    <ConsolePage user={user} current="/admin/sessions" title={chosen.title}>
      {chosen.rows.length === 0 ? (
        <EmptyState title="There is nothing to end">
          {chosen.kept > 0
            ? HIGHER_ROLE
            : "Nothing was selected, or those sessions are already over."}{" "}
          <a href="/admin/sessions" className="text-accent-text underline">
            Back to the sessions
          </a>
        </EmptyState>
      ) : (
        <div className="space-y-6">
          <ConfirmEnd chosen={chosen} isOwn={isOwn} />
          <SessionTable label="Sessions that will end" rows={chosen.rows} now={now} />
          {chosen.kept > 0 && (
            <p className="text-sm text-muted">
              {chosen.kept === 1 ? "One session" : `${chosen.kept} sessions`} of people of a higher
              role than yours stay as they are.
            </p>
          )}
          {chosen.count > chosen.rows.length && (
            <p className="text-sm text-muted">And {chosen.count - chosen.rows.length} more.</p>
          )}
        </div>
      )}
    </ConsolePage>
  );
}

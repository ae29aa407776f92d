import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { PageHeader } from "@/app/_ui/page-header";
import { EndedSessions } from "@/app/account/sessions/ended-sessions";
import { FailedSignIns } from "@/app/account/sessions/failed-sign-ins";
import { LiveSessions } from "@/app/account/sessions/live-sessions";
import { TrustedBrowsers } from "@/app/account/sessions/trusted-browsers";
import { failedSignIns } from "@/lib/events/read";
import { listTrustedBrowsers } from "@/lib/factors/trusted-browsers";
import { requireSession } from "@/lib/request/guards";
import { withDevices } from "@/lib/session/devices";
import { listForUser } from "@/lib/session/list";

const LATELY_MS = 30 * 86_400_000;
const MOST_FAILURES = 10;

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Your devices" };
}

export default async function DevicesPage() {
  const { session, user } = await requireSession();
  const now = new Date();
  const [{ live, ended }, trusted, failures] = await Promise.all([
    listForUser(user, now),
    listTrustedBrowsers(user.id, now),
    failedSignIns(user.id, new Date(now.getTime() - LATELY_MS), MOST_FAILURES),
  ]);
  const others = live.filter(({ id }) => id !== session.id);
  const devices = await withDevices([session, ...others]);
  return (
    <SiteShell user={user} current="/account/sessions">
      <PageHeader
        title="Your devices"
        lead="Everywhere your account is signed in. Don’t recognise something? End it, then change your password."
      />
      <div className="space-y-6">
        <LiveSessions sessions={devices} currentId={session.id} now={now} />
        <TrustedBrowsers browsers={trusted} now={now} />
        <FailedSignIns failures={failures} now={now} />
        <EndedSessions ended={ended} now={now} />
      </div>
    </SiteShell>
  );
}

import type { Metadata } from "next";
import { displayName } from "@/app/_shell/person";
import { SiteShell } from "@/app/_shell/site-shell";
import { PageHeader } from "@/app/_ui/page-header";
import { ThisSession } from "@/app/dashboard/this-session";
import { requireSession } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Dashboard" };
}

export default async function DashboardPage() {
  const { session, user } = await requireSession();
  return (
    <SiteShell user={user} current="/dashboard">
      <PageHeader
        title={`Hello, ${displayName(user)}`}
        lead={`You are signed in as ${user.email}.`}
      />
      <ThisSession session={session} now={new Date()} />
    </SiteShell>
  );
}

import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { PageHeader } from "@/app/_ui/page-header";
import { OwnDetails } from "@/app/account/own-details";
import { Security } from "@/app/account/security";
import { requireSession } from "@/lib/request/guards";
import { accountTimes } from "@/lib/users/find";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Account" };
}

export default async function AccountPage() {
  const { user } = await requireSession();
  const times = await accountTimes(user.id);
  return (
    <SiteShell user={user} current="/account">
      <PageHeader title="Your account" lead="What this site knows of you, and how you sign in." />
      <div className="space-y-6">
        <OwnDetails user={user} times={times} now={new Date()} />
        <Security />
      </div>
    </SiteShell>
  );
}

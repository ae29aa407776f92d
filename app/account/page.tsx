import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Notice } from "@/app/_ui/notice";
import { PageHeader } from "@/app/_ui/page-header";
import { Leaving } from "@/app/account/leaving";
import { OwnDetails } from "@/app/account/own-details";
import { Security } from "@/app/account/security";
import { requireSession } from "@/lib/request/guards";
import { accountTimes } from "@/lib/users/find";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Account" };
}

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const { user } = await requireSession();
  const { saved, confirmed } = await searchParams;
  const times = await accountTimes(user.id);
  return (
    <SiteShell user={user} current="/account">
      <PageHeader
        title="Your account"
        lead="What this site knows about you, and how you sign in."
      />
      <div className="space-y-6">
        {saved === "1" && (
          <Notice role="status" tone="success">
            Your name is saved.
          </Notice>
        )}
        {confirmed === "1" && (
          <Notice role="status" tone="success">
            Your address is confirmed.
          </Notice>
        )}
        <OwnDetails user={user} times={times} now={new Date()} />
        <Security />
        <Leaving />
      </div>
    </SiteShell>
  );
}

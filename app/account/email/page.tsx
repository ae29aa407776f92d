import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { Notice } from "@/app/_ui/notice";
import { PageHeader } from "@/app/_ui/page-header";
import { EmailForm } from "@/app/account/email/email-form";
import { mailWay } from "@/lib/mail/outbox";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof();
  return { title: "Email" };
}

export default async function EmailPage({ searchParams }: PageProps<"/account/email">) {
  const { user } = await requireRecentProof();
  const { sent } = await searchParams;
  return (
    <SiteShell user={user} current="/account">
      <PageHeader title="Email" lead={`Your address is ${user.email}.`} />
      <div className="max-w-form space-y-5">
        {sent === "1" && (
          <Notice tone="success" role="status">
            We mailed a link to the new address. Open it within 24 hours, and your account uses that
            address. The present one is told then, with a link to take it back for 7 days.
          </Notice>
        )}
        {mailWay() === "none" ? (
          <Notice>This site sends no mail. An administrator can change your address.</Notice>
        ) : (
          <Card>
            <EmailForm />
          </Card>
        )}
      </div>
    </SiteShell>
  );
}

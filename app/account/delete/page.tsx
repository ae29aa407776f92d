import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { PageHeader } from "@/app/_ui/page-header";
import { DeleteForm } from "@/app/account/delete/delete-form";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof();
  return { title: "Delete the account" };
}

export default async function DeleteAccountPage() {
  const { user } = await requireRecentProof();
  return (
    <SiteShell user={user} current="/account">
      <PageHeader
        title="Delete your account?"
        lead={`You are signed out everywhere at once. In 7 days your account ${user.username} and what is kept about you will be gone. Until then you can keep it by signing in.`}
      />
      <div className="max-w-form">
        <Card>
          <DeleteForm />
        </Card>
      </div>
    </SiteShell>
  );
}

import type { Metadata } from "next";
import { Card } from "@/app/_ui/card";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { NewUserForm } from "@/app/admin/users/new/new-user-form";
import { mailWay } from "@/lib/mail/outbox";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Add a user" };
}

export default async function NewUserPage() {
  const { user } = await requireRecentProof("admin");
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title="Add a user"
      lead={LEADS[mailWay() === "smtp" ? "mailed" : "shown"]}
    >
      <Card>
        <NewUserForm />
      </Card>
    </ConsolePage>
  );
}

const LEADS = {
  mailed: "They get a mail with a link, and choose a password that nobody else knows.",
  shown:
    "You’ll see a link for them, once. They use it to choose a password that nobody else knows.",
};

import type { Metadata } from "next";
import { Card } from "@/app/_ui/card";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { NewUserForm } from "@/app/admin/users/new/new-user-form";
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
      lead="A temporary password is made for them and shown to you once."
    >
      <Card>
        <NewUserForm />
      </Card>
    </ConsolePage>
  );
}

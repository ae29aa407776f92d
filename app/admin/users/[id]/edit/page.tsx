import type { Metadata } from "next";
import { Card } from "@/app/_ui/card";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { EditUserForm } from "@/app/admin/users/[id]/edit/edit-user-form";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Edit a user" };
}

export default async function EditUserPage({ params }: PageProps<"/admin/users/[id]/edit">) {
  const { user } = await requireRecentProof("admin");
  const { id, username, email, name, role } = await userOfAddress(params);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`Edit ${username}`}
      lead="A new role takes effect at their next request."
    >
      <Card>
        <EditUserForm id={id} user={{ username, email, name, role }} />
      </Card>
    </ConsolePage>
  );
}

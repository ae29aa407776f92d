import type { Metadata } from "next";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { LinkForm } from "@/app/admin/users/[id]/link/link-form";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Send a link to set a new password" };
}

export default async function LinkPage({ params }: PageProps<"/admin/users/[id]/link">) {
  const { user } = await requireRecentProof("admin");
  const { id, username, email } = await userOfAddress(params);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`Send ${username} a link to set a new password?`}
      lead={`It goes to ${email} and works once, for 20 minutes. Nothing changes until they use it; then they are signed out everywhere.`}
    >
      <LinkForm id={id} />
    </ConsolePage>
  );
}

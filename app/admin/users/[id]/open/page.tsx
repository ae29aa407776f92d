import type { Metadata } from "next";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { OpenForm } from "@/app/admin/users/[id]/open/open-form";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Open an account again" };
}

export default async function OpenPage({ params }: PageProps<"/admin/users/[id]/open">) {
  const { user } = await requireRecentProof("admin");
  const { id, username } = await userOfAddress(params);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`Open ${username} again?`}
      lead="They can sign in from any browser again, and strangers can try a hundred more passwords. If somebody is still trying, a new password is safer."
    >
      <OpenForm id={id} />
    </ConsolePage>
  );
}

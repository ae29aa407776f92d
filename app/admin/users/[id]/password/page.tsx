import type { Metadata } from "next";
import { Card } from "@/app/_ui/card";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { TemporaryPasswordForm } from "@/app/admin/users/[id]/password/temporary-password-form";
import { TEMPORARY_PASSWORD_DAYS } from "@/lib/auth/password";
import { requireRecentProof } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Set a temporary password" };
}

export default async function TemporaryPasswordPage({
  params,
}: PageProps<"/admin/users/[id]/password">) {
  const { user } = await requireRecentProof("admin");
  const { id, username } = await userOfAddress(params);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`Set a temporary password for ${username}?`}
      lead={`Their present password stops working and they are signed out everywhere. With the new one they can do nothing but set their own, within ${TEMPORARY_PASSWORD_DAYS} days.`}
    >
      <Card>
        <TemporaryPasswordForm id={id} username={username} />
      </Card>
    </ConsolePage>
  );
}

import type { Metadata } from "next";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { ResetForm } from "@/app/admin/users/[id]/factors/reset-form";
import { requireRole } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("admin", { fresh: true, factor: true });
  return { title: "Reset a second factor" };
}

export default async function ResetFactorsPage({ params }: PageProps<"/admin/users/[id]/factors">) {
  const { user } = await requireRole("admin", { fresh: true, factor: true });
  const { id, username, email } = await userOfAddress(params);
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`Reset the second factor of ${username}?`}
      lead={`Do this only if you know that it is them who lost it. We mail ${email} a link that stops it; if nobody does, their password alone signs in from tomorrow on.`}
    >
      <ResetForm id={id} />
    </ConsolePage>
  );
}

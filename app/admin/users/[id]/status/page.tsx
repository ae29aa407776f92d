import type { Metadata } from "next";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { userOfAddress } from "@/app/admin/_console/user-of-address";
import { StatusForm } from "@/app/admin/users/[id]/status/status-form";
import { requireRecentProof } from "@/lib/request/guards";
import { listForUser } from "@/lib/session/list";

export async function generateMetadata(): Promise<Metadata> {
  await requireRecentProof("admin");
  return { title: "Disable or enable a user" };
}

export default async function StatusPage({ params }: PageProps<"/admin/users/[id]/status">) {
  const { user } = await requireRecentProof("admin");
  const person = await userOfAddress(params);
  const isActive = person.status === "active";
  const { live } = await listForUser(person, new Date());
  return (
    <ConsolePage
      user={user}
      current="/admin/users"
      title={`${isActive ? "Disable" : "Enable"} ${person.username}?`}
    >
      <p className="mb-6 max-w-prose text-muted">
        {isActive
          ? disableWords(live.length)
          : "They can sign in again with the password they have."}
      </p>
      <StatusForm id={person.id} isActive={isActive} />
    </ConsolePage>
  );
}

function disableWords(sessions: number): string {
  const ends =
    sessions === 0
      ? "They are not signed in anywhere now."
      : `${sessions === 1 ? "Their one session ends" : `Their ${sessions} sessions end`} at once.`;
  return `They cannot sign in until the account is enabled again. ${ends} Nothing of theirs is deleted.`;
}

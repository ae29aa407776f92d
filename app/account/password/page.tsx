import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { PageHeader } from "@/app/_ui/page-header";
import { ChangedNotice } from "@/app/account/password/changed-notice";
import { PasswordAdvice } from "@/app/account/password/password-advice";
import { PasswordForm } from "@/app/account/password/password-form";
import { contextWords } from "@/lib/account/context-words";
import { LONGEST_PASSWORD } from "@/lib/account/password-length";
import { settings } from "@/lib/env";
import { requireSession } from "@/lib/request/guards";
import { isProofFresh } from "@/lib/session/policy";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Password" };
}

export default async function PasswordPage({ searchParams }: PageProps<"/account/password">) {
  const { session, user } = await requireSession();
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const proofAt = session.authenticatedAt.getTime();
  const { changed } = await searchParams;
  // Anyone can write a link that says so: it counts only after a password was given here.
  const isChanged = changed === "1" && isProofFresh(session, new Date());
  return (
    <SiteShell user={user} current="/account/password">
      <PageHeader
        title="Password"
        lead="A new password signs you out on every other device. Here you stay signed in."
      />
      <div className="grid items-start gap-6 lg:grid-cols-[25rem_1fr]">
        <div className="max-w-form space-y-5">
          {isChanged && <ChangedNotice key={proofAt} />}
          <Card>
            <PasswordForm
              // A change empties it.
              key={proofAt}
              username={user.username}
              least={least}
              ownWords={contextWords(user)}
            />
          </Card>
        </div>
        <PasswordAdvice least={least} most={LONGEST_PASSWORD} />
      </div>
    </SiteShell>
  );
}

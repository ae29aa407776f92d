import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { Notice } from "@/app/_ui/notice";
import { PageHeader } from "@/app/_ui/page-header";
import { ChangedNotice } from "@/app/account/password/changed-notice";
import { PasswordAdvice } from "@/app/account/password/password-advice";
import { PasswordForm } from "@/app/account/password/password-form";
import { isPasswordOver, temporaryPasswordEnd } from "@/lib/auth/password";
import { LONGEST_PASSWORD } from "@/lib/auth/password-length";
import { contextWords } from "@/lib/auth/password-rules";
import { settings } from "@/lib/env";
import { requireSession } from "@/lib/request/guards";
import { safeReturnTo } from "@/lib/request/return-to";
import { isProofFresh } from "@/lib/session/policy";
import { exactTime } from "@/lib/time-words";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession({ allowTemporaryPassword: true });
  return { title: "Password" };
}

export default async function PasswordPage({ searchParams }: PageProps<"/account/password">) {
  const { session, user } = await requireSession({ allowTemporaryPassword: true });
  const now = new Date();
  const { PASSWORD_MIN_LENGTH: least } = settings();
  const proofAt = session.authenticatedAt.getTime();
  const { changed, returnTo } = await searchParams;
  const temporaryUntil = temporaryPasswordEnd(user);
  // Anyone can write a link that says so: it counts only after a password was given here.
  const isChanged = changed === "1" && !temporaryUntil && isProofFresh(session, now);
  return (
    <SiteShell user={user} current="/account/password">
      <PageHeader
        title={temporaryUntil ? "Set your own password" : "Password"}
        lead={
          temporaryUntil
            ? `You signed in with a temporary password, which somebody else made and knows. It is good until ${exactTime(temporaryUntil)}; everything else opens once you have a password of your own.`
            : "A new password signs you out on every other device. Here you stay signed in."
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[25rem_1fr]">
        <div className="max-w-form space-y-5">
          {isPasswordOver(user, now) ? (
            <Notice tone="warning">
              Your temporary password has run out. Sign out, and ask an administrator for a new one.
            </Notice>
          ) : (
            <Card>
              <PasswordForm
                // A change empties it.
                key={proofAt}
                username={user.username}
                least={least}
                ownWords={contextWords(user)}
                isTemporary={temporaryUntil !== null}
                returnTo={safeReturnTo(returnTo)}
                notice={isChanged && <ChangedNotice />}
              />
            </Card>
          )}
        </div>
        <PasswordAdvice least={least} most={LONGEST_PASSWORD} />
      </div>
    </SiteShell>
  );
}

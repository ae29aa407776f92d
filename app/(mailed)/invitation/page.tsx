import type { Metadata } from "next";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { NewPasswordForm } from "@/app/(mailed)/_link/new-password-form";
import { acceptInvitationAction } from "@/app/(mailed)/invitation/actions";
import { userOfInvitation } from "@/lib/accounts/invitations";
import { contextWords } from "@/lib/auth/password-rules";
import { settings } from "@/lib/env";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";
import { siteName } from "@/lib/site-name";

export const metadata: Metadata = { title: "Choose a password" };

export default async function InvitationPage() {
  const token = await mailedToken("/invitation");
  const user = token && (await orUnavailable(() => userOfInvitation(token, new Date())));
  if (!user) return <LinkOver />;
  return (
    <LinkPage
      title={`Welcome to ${siteName()}`}
      lead={`Your user name is ${user.username}. Choose a password, which nobody else will know, and sign in with it.`}
    >
      <NewPasswordForm
        username={user.username}
        least={settings().PASSWORD_MIN_LENGTH}
        ownWords={contextWords(user)}
        action={acceptInvitationAction}
      />
    </LinkPage>
  );
}

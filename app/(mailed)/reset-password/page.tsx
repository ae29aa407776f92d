import type { Metadata } from "next";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { NewPasswordForm } from "@/app/(mailed)/_link/new-password-form";
import { resetPasswordAction } from "@/app/(mailed)/reset-password/actions";
import { userOfResetLink } from "@/lib/accounts/forgotten-password";
import { contextWords } from "@/lib/auth/password-rules";
import { settings } from "@/lib/env";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";

export const metadata: Metadata = { title: "Set a new password" };

export default async function ResetPasswordPage() {
  const token = await mailedToken("/reset-password");
  const user = token && (await orUnavailable(() => userOfResetLink(token, new Date())));
  if (!user) return <LinkOver again={{ href: "/forgot-password", label: "Get a new link" }} />;
  return (
    <LinkPage
      title="Set a new password"
      lead={`For the account ${user.username}. You’ll be signed out everywhere, and then sign in with the new one.`}
    >
      <NewPasswordForm
        username={user.username}
        least={settings().PASSWORD_MIN_LENGTH}
        ownWords={contextWords(user)}
        action={resetPasswordAction}
      />
    </LinkPage>
  );
}

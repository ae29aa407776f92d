import type { Metadata } from "next";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { PressForm } from "@/app/(mailed)/_link/press-form";
import { verifyEmailAction } from "@/app/(mailed)/verify-email/actions";
import { findToken } from "@/lib/mail/one-time-tokens";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";

export const metadata: Metadata = { title: "Confirm your address" };

export default async function VerifyEmailPage() {
  const token = await mailedToken("/verify-email");
  const good =
    token && (await orUnavailable(() => findToken("email_verification", token, new Date())));
  if (!good) return <LinkOver />;
  return (
    <LinkPage
      title="Confirm your address"
      lead={`Press to confirm that ${good.email} is the address of your account.`}
    >
      <PressForm label="Confirm this address" action={verifyEmailAction} />
    </LinkPage>
  );
}

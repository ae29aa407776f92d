import type { Metadata } from "next";
import { AskByNameForm } from "@/app/_forms/ask-by-name-form";
import { Notice } from "@/app/_ui/notice";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { PressForm } from "@/app/(mailed)/_link/press-form";
import { resendAction, verifyEmailAction } from "@/app/(mailed)/verify-email/actions";
import { findToken } from "@/lib/mail/one-time-tokens";
import { mailWay } from "@/lib/mail/outbox";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";

export const metadata: Metadata = { title: "Confirm your address" };

export default async function VerifyEmailPage({ searchParams }: PageProps<"/verify-email">) {
  const { sent } = await searchParams;
  const token = sent === "1" ? null : await mailedToken("/verify-email");
  const good =
    token && (await orUnavailable(() => findToken("email_verification", token, new Date())));
  if (good)
    return (
      <LinkPage
        title="Confirm your address"
        lead={`Press the button to confirm that ${good.email} is your account’s address.`}
      >
        <PressForm label="Confirm this address" action={verifyEmailAction} />
      </LinkPage>
    );
  if (mailWay() === "none") return <LinkOver />;
  return <SendAgain isOver={token !== null} isSent={sent === "1"} />;
}

function SendAgain({ isOver, isSent }: { isOver: boolean; isSent: boolean }) {
  return (
    <LinkPage
      title={isOver ? "This link no longer works" : "Confirm your address"}
      lead={`${isOver ? `${OVER} ` : ""}${WAITING}`}
    >
      {isSent && (
        <Notice tone="success" role="status">
          If an account with that name is waiting to be confirmed, a link is on its way. Nothing
          there? Check your junk mail.
        </Notice>
      )}
      <AskByNameForm
        label="Send the link again"
        button="Send me a new link"
        action={resendAction}
      />
    </LinkPage>
  );
}

const OVER = "Each link works once, for 24 hours, and a newer one replaces it.";
const WAITING = "Signed up but haven’t confirmed your address? We’ll mail you a new link.";

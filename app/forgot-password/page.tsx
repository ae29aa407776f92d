import type { Metadata } from "next";
import { AskByNameForm } from "@/app/_forms/ask-by-name-form";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";
import { Notice } from "@/app/_ui/notice";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { forgotPasswordAction } from "@/app/forgot-password/actions";
import { mailWay } from "@/lib/mail/outbox";

export const metadata: Metadata = { title: "Forgot your password" };

export default async function ForgotPasswordPage({ searchParams }: PageProps<"/forgot-password">) {
  const { sent } = await searchParams;
  return (
    <CenteredPage>
      <Card>
        <div className="space-y-5 py-2">
          <div className="space-y-1">
            <h1 className="text-xl font-semibold">Forgot your password?</h1>
            <p className="text-sm text-muted">{LEADS[mailWay() === "none" ? "none" : "mail"]}</p>
          </div>
          {sent === "1" && (
            <Notice tone="success" role="status">
              If there is an account with that name and a confirmed address, a link is on its way.
              It works once, for 20 minutes. Nothing there? Check your junk mail, or ask an
              administrator.
            </Notice>
          )}
          {mailWay() !== "none" && (
            <AskByNameForm
              label="Forgot your password"
              button="Send me a link"
              action={forgotPasswordAction}
            />
          )}
        </div>
      </Card>
      <p className="mt-6 text-center text-sm">
        <a href="/sign-in" className={TEXT_LINK}>
          Back to sign in
        </a>
      </p>
    </CenteredPage>
  );
}

const LEADS = {
  mail: "We’ll mail you a link to set a new one.",
  none: "This site sends no mail. Ask an administrator for a new password.",
};

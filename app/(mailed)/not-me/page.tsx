import type { Metadata } from "next";
import { buttonClass } from "@/app/_ui/button-class";
import { MessagePage } from "@/app/_ui/message-page";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { PressForm } from "@/app/(mailed)/_link/press-form";
import { notMeAction } from "@/app/(mailed)/not-me/actions";
import { findToken } from "@/lib/mail/one-time-tokens";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";

export const metadata: Metadata = { title: "This was not me" };

export default async function NotMePage({ searchParams }: PageProps<"/not-me">) {
  if ((await searchParams).done === "1") return <Done />;
  const token = await mailedToken("/not-me");
  const good = token && (await orUnavailable(() => findToken("not_me", token, new Date())));
  if (!good) return <LinkOver again={{ href: "/forgot-password", label: "Set a new password" }} />;
  return (
    <LinkPage
      title="Was this not you?"
      lead="Press the button to sign everybody out of your account. Your password stops working, since somebody else knows it, and we mail you a link to set a new one."
    >
      <PressForm label="This was not me" action={notMeAction} variant="danger" />
    </LinkPage>
  );
}

function Done() {
  return (
    <MessagePage
      title="Everybody is signed out"
      actions={
        <a href="/sign-in" className={buttonClass("secondary")}>
          Sign in
        </a>
      }
    >
      <p>
        Your password no longer works anywhere. A mail with a link to set a new one is on its way;
        it works for 20 minutes, and you can ask for another.
      </p>
    </MessagePage>
  );
}

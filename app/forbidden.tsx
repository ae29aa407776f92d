import type { Metadata } from "next";
import { ButtonLink } from "@/app/_ui/button-link";
import { MessagePage } from "@/app/_ui/message-page";

export const metadata: Metadata = { title: "Request refused" };

export default function Forbidden() {
  return (
    <MessagePage
      code="403"
      title="This request did not come from this site"
      actions={<ButtonLink href="/">Go to the start page</ButtonLink>}
    >
      <p>
        It was refused and nothing was changed. Open the page here and press the button again; if
        another site sent you, do not go back to it.
      </p>
      <p className="text-sm">
        If this is your site behind a proxy, check <code className="font-mono">APP_URL</code>: it
        has to be the address that the browser shows.
      </p>
    </MessagePage>
  );
}

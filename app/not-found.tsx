import type { Metadata } from "next";
import { ButtonLink } from "@/app/_ui/button-link";
import { MessagePage } from "@/app/_ui/message-page";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <MessagePage
      code="404"
      title="There is no page here"
      actions={<ButtonLink href="/">Go to the start page</ButtonLink>}
    >
      <p>The address may be mistyped, or the page has moved.</p>
    </MessagePage>
  );
}

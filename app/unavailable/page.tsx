import type { Metadata } from "next";
import { buttonClass } from "@/app/_ui/button-class";
import { MessagePage } from "@/app/_ui/message-page";
import { safeReturnTo } from "@/lib/request/return-to";

export const metadata: Metadata = { title: "Back in a moment" };

export default async function UnavailablePage({ searchParams }: PageProps<"/unavailable">) {
  const { returnTo } = await searchParams;
  return (
    <MessagePage
      code="503"
      title="We cannot reach our database"
      actions={
        // A plain link: what is asked for next is the whole page, from the server.
        <a href={safeReturnTo(returnTo)} className={buttonClass()}>
          Try again
        </a>
      }
    >
      <p>
        If you were signed in, you are still signed in, and nothing is lost. This page tries again
        by itself every few seconds.
      </p>
    </MessagePage>
  );
}

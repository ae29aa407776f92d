import type { Metadata } from "next";
import { LinkOver } from "@/app/(mailed)/_link/link-over";
import { LinkPage } from "@/app/(mailed)/_link/link-page";
import { PressForm } from "@/app/(mailed)/_link/press-form";
import {
  keepAccountAction,
  keepFactorsAction,
  takeBackAction,
} from "@/app/(mailed)/take-back/actions";
import { findToken } from "@/lib/mail/one-time-tokens";
import { orUnavailable } from "@/lib/request/guards";
import { mailedToken } from "@/lib/request/mailed-links";

export const metadata: Metadata = { title: "Take it back" };

export default async function TakeBackPage() {
  const token = await mailedToken("/take-back");
  const now = new Date();
  const address = token && (await orUnavailable(() => findToken("take_back", token, now)));
  if (address)
    return (
      <LinkPage
        title="Take your address back?"
        lead={`Press the button to make ${address.email} the address of your account again. Everybody is signed out, your password stops working, and we mail you a link to set a new one.`}
      >
        <PressForm label="Take it back" action={takeBackAction} variant="danger" />
      </LinkPage>
    );
  const account = token && (await orUnavailable(() => findToken("account_return", token, now)));
  const factors = token && (await orUnavailable(() => findToken("factors_reset", token, now)));
  if (factors)
    return (
      <LinkPage
        title="Keep your second factor?"
        lead="Press the button, and it isn’t reset. Tell whoever runs the site that it wasn’t you who asked."
      >
        <PressForm label="Keep it" action={keepFactorsAction} />
      </LinkPage>
    );
  if (!account) return <LinkOver />;
  return (
    <LinkPage title="Keep your account?" lead="Press the button, and nothing is deleted.">
      <PressForm label="Keep my account" action={keepAccountAction} />
    </LinkPage>
  );
}

import type { Metadata } from "next";
import { OwnDocument } from "@/app/_shell/own-document";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";
import { Notice } from "@/app/_ui/notice";
import { OtherWays } from "@/app/sign-in/other-ways";
import { COOKIE_BACK, reasonNotice } from "@/app/sign-in/reasons";
import { SignInForm } from "@/app/sign-in/sign-in-form";
import { redirectIfSignedIn } from "@/lib/request/guards";
import { siteName } from "@/lib/site-name";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { returnTo, isCookieBack } = await redirectIfSignedIn(searchParams);
  const { reason, pending } = await searchParams;
  const notice = isCookieBack ? COOKIE_BACK : reasonNotice(reason, pending);
  return (
    <CenteredPage>
      <OwnDocument />
      <Card>
        <div className="space-y-5 py-2">
          <div className="space-y-1">
            <h1 className="text-xl font-semibold">Sign in</h1>
            <p className="text-sm text-muted">Use your account at {siteName()}.</p>
          </div>
          <SignInForm
            returnTo={returnTo}
            notice={notice && <Notice tone={notice.tone}>{notice.text}</Notice>}
          />
        </div>
      </Card>
      <OtherWays />
    </CenteredPage>
  );
}

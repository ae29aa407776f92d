import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { OwnDocument } from "@/app/_shell/own-document";
import { Card } from "@/app/_ui/card";
import { CenteredPage } from "@/app/_ui/centered-page";
import { PasskeySignIn } from "@/app/sign-in/passkey-sign-in";
import { SecondFactorForm } from "@/app/sign-in/second-factor/second-factor-form";
import { redirectIfSignedIn } from "@/lib/request/guards";
import { keptStep } from "@/lib/request/second-step";

export const metadata: Metadata = { title: "One more step" };

export default async function SecondFactorPage({
  searchParams,
}: PageProps<"/sign-in/second-factor">) {
  await redirectIfSignedIn(searchParams);
  const begun = await keptStep(new Date());
  if (!begun) redirect("/sign-in?reason=step_over");
  return (
    <CenteredPage>
      <OwnDocument />
      <Card>
        <div className="space-y-5 py-2">
          <div className="space-y-2">
            <h1 className="text-xl font-semibold">One more step</h1>
            <p className="text-sm text-muted">
              Your password was right. Enter the six digits that your authenticator app shows, or
              one of your recovery codes; or use a passkey, if you have one.
            </p>
          </div>
          <SecondFactorForm />
          <PasskeySignIn returnTo={begun.returnTo} />
          <p className="border-t border-line pt-3 text-center text-sm text-muted">
            Lost your phone and your recovery codes? Ask whoever runs this site to reset your second
            factor.
          </p>
        </div>
      </Card>
      <p className="mt-6 text-center text-sm">
        <a href="/sign-in" className="font-medium underline">
          Start over
        </a>
      </p>
    </CenteredPage>
  );
}

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { displayName } from "@/app/_shell/person";
import { signOut } from "@/app/_shell/sign-out";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { TextButton } from "@/app/_ui/text-button";
import { ReauthenticateForm } from "@/app/reauthenticate/reauthenticate-form";
import { isRecentlyProven } from "@/lib/request/current";
import { requireSession } from "@/lib/request/guards";
import { safeReturnTo } from "@/lib/request/return-to";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession();
  return { title: "Confirm it is you" };
}

export default async function ReauthenticatePage({ searchParams }: PageProps<"/reauthenticate">) {
  const current = await requireSession();
  const { user } = current;
  const returnTo = safeReturnTo((await searchParams).returnTo);
  if (isRecentlyProven(current, new Date())) redirect(returnTo);
  return (
    <SiteShell user={user} current="/reauthenticate">
      <div className="mx-auto max-w-form sm:pt-6">
        <Card>
          <div className="space-y-5 py-2">
            <div className="space-y-2">
              <h1 className="text-xl font-semibold">Confirm it is you</h1>
              <p className="text-sm text-muted">
                What comes next needs your password once more, since you gave it more than 15
                minutes ago. You are led back afterwards.
              </p>
            </div>
            <p className="text-sm wrap-anywhere">
              You are signed in as <span className="font-medium">{displayName(user)}</span> (
              {user.email}).
            </p>
            <ReauthenticateForm returnTo={returnTo} username={user.username} />
            <form action={signOut} className="border-t border-line pt-3 text-center">
              <TextButton>Not you? Sign out</TextButton>
            </form>
          </div>
        </Card>
      </div>
    </SiteShell>
  );
}

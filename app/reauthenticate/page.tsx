import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { displayName } from "@/app/_shell/person";
import { signOut } from "@/app/_shell/sign-out";
import { SiteShell } from "@/app/_shell/site-shell";
import { Card } from "@/app/_ui/card";
import { TextButton } from "@/app/_ui/text-button";
import { CodeProofForm } from "@/app/reauthenticate/code-proof-form";
import { PasskeyProofForm } from "@/app/reauthenticate/passkey-proof-form";
import { ReauthenticateForm } from "@/app/reauthenticate/reauthenticate-form";
import { assertionOptions, listPasskeys } from "@/lib/factors/passkeys";
import { askedFactor } from "@/lib/factors/policy";
import { type Current, hasProved } from "@/lib/request/current";
import { orUnavailable, requireSession } from "@/lib/request/guards";
import { sealChallenge } from "@/lib/request/passkey";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";

export async function generateMetadata(): Promise<Metadata> {
  await requireSession({ allowWithoutFactor: true });
  return { title: "Confirm it is you" };
}

export default async function ReauthenticatePage({ searchParams }: PageProps<"/reauthenticate">) {
  const current = await requireSession({ allowWithoutFactor: true });
  const { user } = current;
  const { returnTo: asked, factor: wanted } = await searchParams;
  const returnTo = safeReturnTo(asked);
  const factor = askedFactor(wanted);
  if (hasProved(current, { fresh: true, ...(factor ? { factor } : {}) }, new Date()))
    redirect(returnTo);
  const hasFactor = user.factorsChangedAt !== null;
  // A link may ask for a factor of somebody who has none: then there is nothing to give.
  if (factor && !hasFactor) redirect(withReturnTo("/account/factors", returnTo));
  const passkey = hasFactor && (await orUnavailable(() => passkeyProof(current)));
  return (
    <SiteShell user={user} current="/reauthenticate">
      <div className="mx-auto max-w-form sm:pt-6">
        <Card>
          <div className="space-y-5 py-2">
            <div className="space-y-2">
              <h1 className="text-xl font-semibold">Confirm it is you</h1>
              <p className="text-sm text-muted">
                {factor
                  ? "What comes next needs your second factor once more. You are led back afterwards."
                  : "What comes next needs your password once more, since you gave it more than 15 minutes ago. You are led back afterwards."}
              </p>
            </div>
            <p className="text-sm wrap-anywhere">
              You are signed in as <span className="font-medium">{displayName(user)}</span> (
              {user.email}).
            </p>
            {!factor && <ReauthenticateForm returnTo={returnTo} username={user.username} />}
            {hasFactor && <CodeProofForm returnTo={returnTo} isAlone={factor !== undefined} />}
            {passkey && <PasskeyProofForm returnTo={returnTo} {...passkey} />}
            <form action={signOut} className="border-t border-line pt-3 text-center">
              <TextButton>Not you? Sign out</TextButton>
            </form>
          </div>
        </Card>
      </div>
    </SiteShell>
  );
}

// Null for who has none.
async function passkeyProof({ user, session }: Current) {
  if ((await listPasskeys(user.id)).length === 0) return null;
  const options = await assertionOptions();
  return { options, challenge: await sealChallenge(options.challenge, session, new Date()) };
}

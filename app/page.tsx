import { FirstSteps } from "@/app/_home/first-steps";
import { displayName } from "@/app/_shell/person";
import { SiteShell } from "@/app/_shell/site-shell";
import { ButtonLink } from "@/app/_ui/button-link";
import { anyVisitor } from "@/lib/request/guards";

export default async function HomePage() {
  const user = (await anyVisitor())?.user ?? null;
  return (
    <SiteShell user={user} current="/">
      <div className="space-y-5 pt-4 pb-12 sm:pt-10">
        <h1 className="max-w-prose text-3xl font-semibold text-balance">
          Sign-in and sessions for this app
        </h1>
        <p className="max-w-prose text-lg text-muted">
          Accounts and sessions live in your own MySQL database: each signed-in browser is a row
          that you can see, count, explain and end.
        </p>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          {user ? (
            <ButtonLink href="/dashboard">Go to the dashboard</ButtonLink>
          ) : (
            <ButtonLink href="/sign-in">Sign in</ButtonLink>
          )}
          <p className="text-sm text-muted wrap-anywhere">
            {user ? `You are signed in as ${displayName(user)}.` : "You are not signed in."}
          </p>
        </div>
      </div>
      <FirstSteps />
    </SiteShell>
  );
}

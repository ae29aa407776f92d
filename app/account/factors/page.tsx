import type { Metadata } from "next";
import { SiteShell } from "@/app/_shell/site-shell";
import { Notice } from "@/app/_ui/notice";
import { PageHeader } from "@/app/_ui/page-header";
import { RelativeTime } from "@/app/_ui/relative-time";
import { TEXT_LINK } from "@/app/_ui/text-link";
import { FactorForms } from "@/app/account/factors/factor-forms";
import { shownSetUp } from "@/app/account/factors/shown-set-up";
import { beginTotp } from "@/lib/accounts/change-factors";
import { factorsOf } from "@/lib/factors/factors";
import { makerOf } from "@/lib/factors/makers";
import { listPasskeys, registrationOptions } from "@/lib/factors/passkeys";
import { lacksFactor } from "@/lib/factors/policy";
import { hasProved } from "@/lib/request/current";
import { orUnavailable, requireSession } from "@/lib/request/guards";
import { sealChallenge } from "@/lib/request/passkey";
import { safeReturnTo, withReturnTo } from "@/lib/request/return-to";
import { exactTime } from "@/lib/time-words";

const PROVE_FIRST = withReturnTo("/reauthenticate", "/account/factors", { factor: "any" });

export async function generateMetadata(): Promise<Metadata> {
  await requireSession({ fresh: true, allowWithoutFactor: true });
  return { title: "Second factor" };
}

export default async function FactorsPage({ searchParams }: PageProps<"/account/factors">) {
  const current = await requireSession({ fresh: true, allowWithoutFactor: true });
  const { user } = current;
  const { returnTo } = await searchParams;
  const now = new Date();
  const { totpSince, recoveryCodes } = await orUnavailable(() => factorsOf(user.id));
  const setUp = totpSince ? null : shownSetUp(await beginTotp(current, now));
  const [passkeys, options] = await orUnavailable(() =>
    Promise.all([listPasskeys(user.id), registrationOptions(user)]),
  );
  // Whoever knows the password alone gets no factor of their own by it.
  const isAddingOpen =
    user.factorsChangedAt === null || hasProved(current, { fresh: true, factor: true }, now);
  const challenge = await sealChallenge(options.challenge, current.session, now);
  return (
    <SiteShell user={user} current="/account">
      <PageHeader
        title="Second factor"
        lead="With a second factor, somebody who finds out your password still cannot sign in as you."
      />
      <div className="max-w-form space-y-5">
        {lacksFactor(user) ? (
          <Notice>
            This site asks you for a second factor. Everything else opens once you have set one up.
          </Notice>
        ) : (
          typeof returnTo === "string" && (
            <Notice tone="success">
              <a href={safeReturnTo(returnTo)} className={TEXT_LINK}>
                Go on to where you were
              </a>
            </Notice>
          )
        )}
        <FactorForms
          setUp={setUp}
          since={totpSince && exactTime(totpSince)}
          codesLeft={recoveryCodes}
          passkeys={passkeys.map(({ id, name, aaguid, isBackedUp, createdAt, lastUsedAt }) => ({
            id,
            name,
            facts: (
              <>
                {makerOf(aaguid) ?? (isBackedUp ? "Kept on several devices" : "On one device")}
                <span aria-hidden="true"> · </span>
                added <RelativeTime at={createdAt} now={now} />
                <span aria-hidden="true"> · </span>
                {lastUsedAt ? (
                  <>
                    used <RelativeTime at={lastUsedAt} now={now} />
                  </>
                ) : (
                  "never used"
                )}
              </>
            ),
          }))}
          making={{ options, challenge }}
          proveFirst={isAddingOpen ? null : PROVE_FIRST}
        />
      </div>
    </SiteShell>
  );
}

import { DeviceLine } from "@/app/_devices/device-line";
import { Card } from "@/app/_ui/card";
import { RelativeTime } from "@/app/_ui/relative-time";
import { SubmitButton } from "@/app/_ui/submit-button";
import { forgetBrowserAction } from "@/app/account/sessions/actions";
import { deviceWords } from "@/lib/device";
import type { TrustedBrowser } from "@/lib/factors/trusted-browsers";
import { exactTime } from "@/lib/time-words";

type TrustedBrowsersProps = { browsers: readonly TrustedBrowser[]; now: Date };

/** Where one is not asked for the second factor; nothing for who trusts no browser. */
export function TrustedBrowsers({ browsers, now }: TrustedBrowsersProps) {
  if (browsers.length === 0) return null;
  return (
    <Card title="Not asked for the second factor">
      <ul className="-my-4 divide-y divide-line">
        {browsers.map(({ id, userAgent, ipAddress, createdAt, lastUsedAt, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 py-4">
            <DeviceLine userAgent={userAgent}>
              Used <RelativeTime at={lastUsedAt ?? createdAt} now={now} />
              <span aria-hidden="true"> · </span>
              {ipAddress}
              <span aria-hidden="true"> · </span>
              until {exactTime(expiresAt)}
            </DeviceLine>
            <form action={forgetBrowserAction} className="ml-8 sm:ml-0">
              <input type="hidden" name="id" value={id} />
              <SubmitButton variant="secondary" pendingLabel="Changing…">
                Ask again<span className="sr-only"> in {deviceWords(userAgent).name}</span>
              </SubmitButton>
            </form>
          </li>
        ))}
      </ul>
    </Card>
  );
}

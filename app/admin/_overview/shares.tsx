import { Card } from "@/app/_ui/card";
import { ShareBars } from "@/app/_ui/chart/share-bars";
import { wholeNumber } from "@/app/_ui/stat";
import { addressWith } from "@/app/admin/_console/address";
import { busiestAddresses, TRIES_LOOKED_AT } from "@/lib/events/stats";
import { liveShares, SAMPLE, type Share } from "@/lib/session/stats";

const ADDRESSES = 8;
const BROWSERS = 8;
const NOBODY = "Nobody is signed in.";

/** What live sessions are like, and where tries to sign in come from. */
export async function Shares({ now }: { now: Date }) {
  const [{ of, byAge, byBrowser }, addresses] = await Promise.all([
    liveShares(now),
    busiestAddresses(now, ADDRESSES),
  ]);
  return (
    <div className="grid grid-cols-1 gap-6 md:grid-cols-2 lg:grid-cols-3">
      <Card title="Sessions by age">
        <ShareBars
          label="Age"
          unit="Sessions"
          shares={of > 0 ? byAge.map(counted) : []}
          empty={NOBODY}
        />
        {of >= SAMPLE && (
          <p className="mt-3 text-sm text-muted">Of the {wholeNumber(SAMPLE)} used last.</p>
        )}
      </Card>
      <Card title="Sessions by browser">
        <ShareBars
          label="Browser"
          unit="Sessions"
          shares={byBrowser.slice(0, BROWSERS).map((share) => ({
            ...counted(share),
            ...(share.name === "Other"
              ? {}
              : { href: addressWith("/admin/sessions", { browser: share.name }) }),
          }))}
          empty={NOBODY}
        />
      </Card>
      <Card title="Busiest addresses, 24 hours">
        <ShareBars
          label="Address"
          unit="Tries"
          shares={addresses.map(({ ipAddress, signIns, failures, throttled }) => ({
            name: ipAddress || "unknown",
            count: signIns + failures + throttled,
            ...(ipAddress ? { href: addressWith("/admin/events", { address: ipAddress }) } : {}),
          }))}
          empty="Nobody tried to sign in."
        />
        <p className="mt-3 text-sm text-muted">
          Of the latest {wholeNumber(TRIES_LOOKED_AT)} tries at most.
        </p>
      </Card>
    </div>
  );
}

const counted = ({ name, sessions }: Share) => ({ name, count: sessions });

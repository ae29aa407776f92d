import { Stat } from "@/app/_ui/stat";
import { addressWith } from "@/app/admin/_console/address";
import type { Count } from "@/lib/db/inspect";
import type { TryBucket } from "@/lib/events/try-hours";
import { aboutLive, countWaiting } from "@/lib/session/stats";
import { countUsers } from "@/lib/users/find";

type NumbersProps = { hours: readonly TryBucket[]; now: Date };

/** What is looked at first. Failures are those of the chart's hours, and of the list behind them. */
export async function Numbers({ hours, now }: NumbersProps) {
  const [live, { runOut, pastRetention }, users] = await Promise.all([
    aboutLive(now),
    countWaiting(now),
    countUsers(),
  ]);
  const since = hours[0]?.from.toISOString();
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Stat label="Live sessions" value={live} href="/admin/sessions" />
      <Stat label="Users" value={users} href="/admin/users" />
      <Stat
        label="Failed sign-ins, 24 hours"
        value={hours.reduce((sum, { failures }) => sum + failures, 0)}
        href={addressWith("/admin/events", { type: "sign_in_failed", since })}
      />
      <Stat label="Waiting for the purge" value={sumOf(runOut, pastRetention)} />
    </dl>
  );
}

function sumOf(one: Count, other: Count): Count {
  return { count: one.count + other.count, isEstimated: one.isEstimated || other.isEstimated };
}

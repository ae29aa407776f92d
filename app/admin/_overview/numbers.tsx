import { Stat } from "@/app/_ui/stat";
import { countUsers } from "@/lib/account/users";
import { triesLastDay } from "@/lib/events/stats";
import { countNotEnded } from "@/lib/session/end-rows";
import { countEnded } from "@/lib/session/stats-rows";

/** What is looked at first. */
export async function Numbers({ now }: { now: Date }) {
  const [live, { runOut, pastRetention }, users, tries] = await Promise.all([
    countNotEnded(now),
    countEnded(now),
    countUsers(),
    triesLastDay(now),
  ]);
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Stat label="Live sessions" value={live} href="/admin/sessions" />
      <Stat label="Users" value={users} href="/admin/users" />
      <Stat
        label="Failed sign-ins, 24 hours"
        value={tries.failures + tries.throttled}
        href="/admin/events?type=sign_in_failed"
      />
      <Stat label="Waiting for the purge" value={runOut + pastRetention} />
    </dl>
  );
}

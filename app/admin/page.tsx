import type { Metadata } from "next";
import { ConsolePage } from "@/app/admin/_console/console-page";
import { Closed } from "@/app/admin/_overview/closed";
import { Health } from "@/app/admin/_overview/health";
import { Numbers } from "@/app/admin/_overview/numbers";
import { Shares } from "@/app/admin/_overview/shares";
import { Tries } from "@/app/admin/_overview/tries";
import { triesByHour } from "@/lib/events/stats";
import { requireRole } from "@/lib/request/guards";

export async function generateMetadata(): Promise<Metadata> {
  await requireRole("staff");
  return { title: "Console" };
}

export default async function OverviewPage() {
  const { user } = await requireRole("staff");
  const now = new Date();
  const hours = await triesByHour(now);
  return (
    <ConsolePage
      user={user}
      current="/admin"
      title="Overview"
      lead="Who is signed in, who is trying to, and how the site is doing. Times are UTC."
    >
      <div className="space-y-6">
        <Closed />
        <Numbers hours={hours} now={now} />
        <Tries hours={hours} now={now} />
        <Shares now={now} />
        <Health />
      </div>
    </ConsolePage>
  );
}

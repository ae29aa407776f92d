import { Card } from "@/app/_ui/card";
import type { Step } from "@/app/_ui/chart/bars";
import { StackedBars } from "@/app/_ui/chart/stacked-bars";
import { triesByDay } from "@/lib/events/stats";
import type { TryBucket } from "@/lib/events/try-hours";

const SERIES = [
  { name: "Signed in", fill: "fill-chart-1", of: (bucket: TryBucket) => bucket.signIns },
  { name: "Failed", fill: "fill-chart-2", of: (bucket: TryBucket) => bucket.failures },
  { name: "Held back", fill: "fill-chart-3", of: (bucket: TryBucket) => bucket.throttled },
] as const;

type TriesProps = { hours: readonly TryBucket[]; now: Date };

/** Tries to sign in over time, by hours and days of the clock; the last of each is not over yet. */
export async function Tries({ hours, now }: TriesProps) {
  const days = await triesByDay(now);
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
      <Card title="Sign-ins of the last 24 hours">
        <Chart label="Sign-ins by hour" buckets={hours} nameOf={hourName} tickOf={hourTick} />
      </Card>
      <Card title="Sign-ins of the last 30 days">
        <Chart label="Sign-ins by day" buckets={days} nameOf={dayName} tickOf={dayTick} />
      </Card>
    </div>
  );
}

type ChartProps = {
  label: string;
  buckets: readonly TryBucket[];
  nameOf: (from: Date) => string;
  tickOf: (from: Date, index: number) => string | null;
};

function Chart({ label, buckets, nameOf, tickOf }: ChartProps) {
  const steps: Step[] = buckets.map((bucket, index) => ({
    name: nameOf(bucket.from),
    tick: tickOf(bucket.from, index),
    values: SERIES.map(({ of }) => of(bucket)),
  }));
  const series = SERIES.map(({ name, fill, of }) => ({
    name,
    fill,
    total: sumOf(buckets.map(of)),
  }));
  return <StackedBars label={label} series={series} steps={steps} />;
}

const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const hour = format({ hour: "2-digit", minute: "2-digit" });
const hourAndDay = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const day = format({ day: "numeric", month: "short" });

const hourName = (from: Date) => hourAndDay.format(from);
const dayName = (from: Date) => day.format(from);
const hourTick = (from: Date) => (from.getUTCHours() % 6 === 0 ? hour.format(from) : null);
const dayTick = (from: Date, index: number) => (index % 7 === 0 ? day.format(from) : null);

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat("en");
const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

const YEARS = { below: Number.POSITIVE_INFINITY, unit: "year", size: 365.25 * DAY } as const;

/** The largest unit that still says something; days go to 100, as timeouts are counted in them. */
const STEPS = [
  { below: MINUTE, unit: "second", size: SECOND },
  { below: HOUR, unit: "minute", size: MINUTE },
  { below: DAY, unit: "hour", size: HOUR },
  { below: 100 * DAY, unit: "day", size: DAY },
  { below: 730 * DAY, unit: "month", size: 30.44 * DAY },
  YEARS,
] as const;

/** "3 minutes ago", "in 14 days", "just now". */
export function relativeTime(at: Date, now: Date): string {
  const distance = at.getTime() - now.getTime();
  if (Math.abs(distance) < 5 * SECOND) return "just now";
  // Judged after rounding, so that 59.6 minutes are an hour and not "60 minutes".
  const step =
    STEPS.find(({ below, size }) => Math.round(Math.abs(distance) / size) * size < below) ?? YEARS;
  return relative.format(Math.round(distance / step.size), step.unit);
}

/** "23 Nov 2026, 10:28:03 UTC". */
export function exactTime(at: Date): string {
  return `${exact.format(at)} UTC`;
}

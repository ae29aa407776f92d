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

const UNITS = [
  ["d", "day", DAY],
  ["h", "hour", HOUR],
  ["m", "minute", MINUTE],
  ["s", "second", SECOND],
] as const;

/** How many seconds a time is that somebody typed: a number of them, or 30m, 24h, 14d; null for what is none. */
export function secondsOf(typed: string): number | null {
  const [, number, letter = "s"] = /^([1-9]\d{0,8})([smhd])?$/.exec(typed) ?? [];
  const [, , sizeMs = SECOND] = UNITS.find(([each]) => each === letter) ?? [];
  return number === undefined ? null : (Number(number) * sizeMs) / SECOND;
}

/** "14 days", "90 minutes": so many seconds in the largest unit that they are a whole number of. */
export function durationWords(seconds: number): string {
  const whole = UNITS.find(([, , sizeMs]) => (seconds * SECOND) % sizeMs === 0);
  const [, unit, sizeMs] = whole ?? ["s", "second", SECOND];
  const words = new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" });
  return words.format((seconds * SECOND) / sizeMs);
}

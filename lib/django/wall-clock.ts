/**
 * The moment that a clock on a wall of a zone showed, where what it showed was read as if it were UTC: so a
 * site with `USE_TZ = False` writes its times. In the hour that an autumn's clock shows twice, one of the two.
 */
export function fromWallClock(shown: Date, timeZone: string): Date {
  const guess = new Date(shown.getTime() - offsetMs(shown, timeZone));
  return new Date(shown.getTime() - offsetMs(guess, timeZone));
}

/** What the clock on that wall shows at a moment, as if it were UTC. */
export function toWallClock(at: Date, timeZone: string): Date {
  return new Date(at.getTime() + offsetMs(at, timeZone));
}

function offsetMs(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === "-" ? -offset : offset;
}

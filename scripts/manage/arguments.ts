import { InvalidArgumentError } from "@commander-js/extra-typings";
import { Moment, SessionId } from "@/lib/api/fields";
import { secondsOf } from "@/lib/time-words";

/** How `--force` is told of by whatever can take the last active administrator away. */
export const FORCE = ["--force", "even if nobody is left to administer the site"] as const;

/** A number of an option: whole, from 1 on. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError("Give a number from 1 on.");
  return number;
}

/** A number of an option: whole, 0 included. */
export function numberOrNone(text: string): number {
  if (text === "0") return 0;
  return wholeNumber(text);
}

/** The origin of an option, such as https://app.example.com. */
export function originArgument(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== text.replace(/\/$/, ""))
    throw new InvalidArgumentError("Give an origin alone, such as https://app.example.com.");
  return url.origin;
}

/** How long, in seconds: a number of them, or of a unit, such as 30m, 24h or 14d. */
export function durationSeconds(text: string): number {
  const seconds = secondsOf(text);
  if (seconds === null)
    throw new InvalidArgumentError("Give seconds, or a time such as 30m, 24h or 14d.");
  return seconds;
}

/**
 * A time of an option: how long ago, such as 24h; or ISO 8601 with its zone; or a day, which begins
 * at midnight UTC.
 */
export function moment(text: string): Date {
  if (/^\d+[smhd]$/.test(text)) return new Date(Date.now() - durationSeconds(text) * 1000);
  const { data } = Moment.safeParse(text);
  if (!data)
    throw new InvalidArgumentError("Give 24h or 30m, a time like 2026-11-23T08:00:00Z, or a day.");
  return data;
}

/** An argument that is a session's id. */
export function sessionId(text: string): string {
  const { data } = SessionId.safeParse(text);
  if (!data) throw new InvalidArgumentError("That is no session id.");
  return data;
}

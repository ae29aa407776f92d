import { type Check, fault, unless, well } from "./check";

const LEAST_DAYS = 30;
const MOST_DAYS = 730;

export const KEEPING_CHECKS: readonly Check[] = [
  {
    id: "event-retention",
    title: "events are kept long enough, and not for ever",
    run: ({ settings: { EVENT_RETENTION_DAYS: days } }) => {
      if (days === 0)
        return fault("events of persons are kept for ever", "EVENT_RETENTION_DAYS=365");
      return days >= LEAST_DAYS && days <= MOST_DAYS
        ? well(`${days} days`)
        : fault(
            `events are kept for ${days} days: ${LEAST_DAYS} to ${MOST_DAYS} are sensible`,
            "EVENT_RETENTION_DAYS=365",
          );
    },
  },
  {
    id: "log-level",
    title: "the log tells what went wrong, and no more",
    run: ({ settings: { LOG_LEVEL: level } }) =>
      unless(
        ["error", "warn", "info"].includes(level),
        level,
        `LOG_LEVEL=${level} ${/debug|trace/.test(level) ? "fills the log" : "hides errors"}`,
        "LOG_LEVEL=info",
      ),
  },
];

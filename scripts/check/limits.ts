import { type Limits, limitsFor } from "@/lib/session/policy";
import { type Check, type Subject, unless } from "./check";

const HOUR = 3600;
const DAY = 24 * HOUR;

const staff = ({ settings }: Subject): Limits => limitsFor("staff", settings);
const member = ({ settings }: Subject): Limits => limitsFor("member", settings);

export const LIMIT_CHECKS: readonly Check[] = [
  {
    id: "staff-idle",
    title: "staff are signed out after an hour without use (NIST 800-63B AAL2)",
    run: (subject) => {
      const { idleSeconds } = staff(subject);
      return unless(
        idleSeconds <= HOUR,
        `${idleSeconds} s`,
        `staff stay signed in for ${idleSeconds} s without use`,
        "SESSION_STAFF_COOKIE_AGE=1800",
      );
    },
  },
  {
    id: "staff-absolute",
    title: "staff sign in once a day (NIST 800-63B AAL2)",
    run: (subject) => {
      const { absoluteSeconds } = staff(subject);
      return unless(
        absoluteSeconds <= DAY,
        `${absoluteSeconds} s`,
        `staff stay signed in for ${absoluteSeconds} s in all`,
        "SESSION_STAFF_ABSOLUTE_AGE=43200",
      );
    },
  },
  {
    id: "member-idle",
    title: "members are signed out after a month without use (ASVS 7.3.1)",
    run: (subject) => {
      const { idleSeconds } = member(subject);
      return unless(
        idleSeconds <= 30 * DAY,
        `${idleSeconds} s`,
        `members stay signed in for ${idleSeconds} s without use`,
        "SESSION_COOKIE_AGE=1209600",
      );
    },
  },
  {
    id: "member-absolute",
    title: "members sign in once a quarter (ASVS 7.3.2)",
    run: (subject) => {
      const { absoluteSeconds } = member(subject);
      return unless(
        absoluteSeconds <= 90 * DAY,
        `${absoluteSeconds} s`,
        `members stay signed in for ${absoluteSeconds} s in all`,
        "SESSION_ABSOLUTE_AGE=7776000",
      );
    },
  },
  {
    id: "touch",
    title: "activity is noted often enough for the idle timeout to be exact",
    run: (subject) => {
      const { SESSION_TOUCH_SECONDS: touch } = subject.settings;
      const shortest = Math.min(staff(subject).idleSeconds, member(subject).idleSeconds);
      return unless(
        touch <= shortest / 4,
        `every ${touch} s`,
        `activity is noted every ${touch} s, and the shortest idle timeout is ${shortest} s`,
        `SESSION_TOUCH_SECONDS=${Math.min(60, Math.floor(shortest / 4))}`,
      );
    },
  },
];

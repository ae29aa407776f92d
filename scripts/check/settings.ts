// What the settings tell, without a database.
import { blocklistFileFault } from "@/lib/auth/blocklist";
import { limitsFor } from "@/lib/session/policy";
import { isLoopback, MAKE_A_SECRET } from "@/lib/variables";
import { type Check, fault, type Subject, unless, well } from "./check";
import { guessableBecause } from "./strength";

const HOUR = 3600;
const DAY = 24 * HOUR;
const MOST_SECRETS = 3;
const MOST_PASSWORDS_AN_HOUR = 100;
const LEAST_DAYS = 30;
const MOST_DAYS = 730;

export const SETTING_CHECKS: readonly Check[] = [
  {
    id: "secret-strength",
    title: "SESSION_SECRET is random and long",
    run: ({ settings: { SESSION_SECRET: secrets } }) => {
      const weak = secrets.map(guessableBecause).find((reason) => reason !== null);
      return weak
        ? fault(`one of SESSION_SECRET is ${weak}`, `SESSION_SECRET=<new>: ${MAKE_A_SECRET}`)
        : well(`${secrets.length} of them, each worth 128 bits or more`);
    },
  },
  {
    id: "secret-rotation",
    title: "SESSION_SECRET can be changed without signing anybody out",
    run: ({ settings: { SESSION_SECRET: secrets, SESSION_ABSOLUTE_AGE: age } }) => {
      const days = Math.ceil(age / 86_400);
      if (new Set(secrets).size < secrets.length)
        return fault("SESSION_SECRET holds one twice", "SESSION_SECRET=<new>,<old>, each once");
      return unless(
        secrets.length <= MOST_SECRETS,
        secrets.length === 1
          ? `one; to change it: SESSION_SECRET=<new>,<old>, and <old> goes after ${days} days`
          : `${secrets.length}; the oldest may go ${days} days after the newest came`,
        `${secrets.length} secrets open seals, so that any of them that leaked still does`,
        `SESSION_SECRET=<newest>,<the one before>: no seal is older than ${days} days`,
      );
    },
  },
  {
    id: "metrics-token",
    title: "METRICS_TOKEN cannot be guessed",
    run: ({ settings: { METRICS_TOKEN: token } }) => {
      if (!token) return well("metrics are off");
      const weak = guessableBecause(token);
      return weak
        ? fault(`METRICS_TOKEN is ${weak}`, `METRICS_TOKEN=<new>: ${MAKE_A_SECRET}`)
        : well("random");
    },
  },
  {
    id: "https",
    title: "APP_URL is public and https",
    run: ({ settings: { APP_URL: url } }) =>
      unless(
        url.protocol === "https:" && !isLoopback(url.hostname),
        url.origin,
        `APP_URL is ${url.origin}: cookies are not Secure, or nobody else can come`,
        "APP_URL=https://app.example.com",
      ),
  },
  {
    id: "insecure-http",
    title: "ALLOW_INSECURE_HTTP is off",
    run: ({ settings: { ALLOW_INSECURE_HTTP: allow } }) =>
      unless(
        allow === "0",
        "off",
        "ALLOW_INSECURE_HTTP=1 lets a site run without https, where anyone on the way reads cookies",
        "ALLOW_INSECURE_HTTP=0, or leave it out",
      ),
  },
  {
    id: "cookie-domain",
    title: "the cookie goes to this host alone",
    run: ({ settings: { SESSION_COOKIE_DOMAIN: domain, APP_URL: url } }) => {
      return domain
        ? fault(
            `SESSION_COOKIE_DOMAIN=${domain} sends it to every host under ${domain}, and lets each set it`,
            "leave SESSION_COOKIE_DOMAIN out; where other hosts need it: --accept cookie-domain",
          )
        : well(url.hostname);
    },
  },
  longestStay("staff", "idleSeconds", HOUR, {
    id: "staff-idle",
    title: "staff are signed out after an hour without use (NIST 800-63B AAL2)",
    fix: "SESSION_STAFF_COOKIE_AGE=1800",
  }),
  longestStay("staff", "absoluteSeconds", DAY, {
    id: "staff-absolute",
    title: "staff sign in once a day (NIST 800-63B AAL2)",
    fix: "SESSION_STAFF_ABSOLUTE_AGE=43200",
  }),
  longestStay("member", "idleSeconds", 30 * DAY, {
    id: "member-idle",
    title: "members are signed out after a month without use (ASVS 7.3.1)",
    fix: "SESSION_COOKIE_AGE=1209600",
  }),
  longestStay("member", "absoluteSeconds", 90 * DAY, {
    id: "member-absolute",
    title: "members sign in once a quarter (ASVS 7.3.2)",
    fix: "SESSION_ABSOLUTE_AGE=7776000",
  }),
  {
    id: "touch",
    title: "activity is noted often enough for the idle timeout to be exact",
    run: ({ settings }) => {
      const { SESSION_TOUCH_SECONDS: touch } = settings;
      const idle = (["staff", "member"] as const).map(
        (role) => limitsFor(role, settings).idleSeconds,
      );
      const shortest = Math.min(...idle);
      return unless(
        touch <= shortest / 4,
        `every ${touch} s`,
        `activity is noted every ${touch} s, and the shortest idle timeout is ${shortest} s`,
        `SESSION_TOUCH_SECONDS=${Math.min(60, Math.floor(shortest / 4))}`,
      );
    },
  },
  {
    id: "password-length",
    title: "passwords have 15 characters or more (NIST 800-63B: the only factor)",
    run: ({ settings: { PASSWORD_MIN_LENGTH: least } }) =>
      unless(
        least >= 15,
        String(least),
        `passwords of ${least} characters are taken; fewer than 15 need a second factor beside them`,
        "PASSWORD_MIN_LENGTH=15",
      ),
  },
  {
    id: "hash-cost",
    title: "a hash costs 2^12 rounds or more",
    run: ({ settings: { PASSWORD_HASH_COST: cost } }) =>
      unless(
        cost >= 12,
        `2^${cost}`,
        `bcrypt's cost is ${cost}: a leaked table is guessed ${2 ** (12 - cost)} times as fast`,
        "PASSWORD_HASH_COST=12",
      ),
  },
  {
    id: "blocklist",
    title: "the list of refused passwords of one's own can be read",
    run: ({ settings: { PASSWORD_BLOCKLIST: file } }) => {
      const wrong = file === undefined ? null : blocklistFileFault(file);
      const found = file ?? "none but the built-in one";
      return unless(wrong === null, found, `${file}: ${wrong}`, "PASSWORD_BLOCKLIST=<a file>");
    },
  },
  {
    id: "throttle",
    title: "wrong passwords are few an hour (ASVS 6.3.1)",
    run: ({ settings: { THROTTLE_FAILURES: failures, THROTTLE_SECONDS: seconds } }) => {
      const anHour = Math.round((failures * 3600) / seconds);
      return unless(
        anHour <= MOST_PASSWORDS_AN_HOUR,
        `${anHour} an hour`,
        `an address may try ${anHour} passwords of an account an hour`,
        "THROTTLE_FAILURES=10 and THROTTLE_SECONDS=900",
      );
    },
  },
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

/** That people of a role may stay signed in for so long at most. */
function longestStay(
  role: "staff" | "member",
  limit: "idleSeconds" | "absoluteSeconds",
  mostSeconds: number,
  { id, title, fix }: { id: string; title: string; fix: string },
): Check {
  const who = role === "staff" ? "staff" : "members";
  const how = limit === "idleSeconds" ? "without use" : "in all";
  const run = ({ settings }: Subject) => {
    const seconds = limitsFor(role, settings)[limit];
    const found = `${seconds} s`;
    return unless(seconds <= mostSeconds, found, `${who} stay signed in for ${found} ${how}`, fix);
  };
  return { id, title, run };
}

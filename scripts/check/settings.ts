// What the settings tell, without a database.
import { blocklistFileFault } from "@/lib/auth/blocklist";
import type { Settings } from "@/lib/env";
import type { Role } from "@/lib/roles";
import { limitsFor } from "@/lib/session/policy";
import { isLoopback, MAKE_A_SECRET } from "@/lib/variables";
import { type Check, type Finding, fault, onDeploy, unless, well } from "./check";
import { guessableBecause } from "./strength";

const HOUR = 3600;
const DAY = 24 * HOUR;
const MOST_SECRETS = 3;
const MOST_PASSWORDS_AN_HOUR = 100;
const LEAST_DAYS = 30;
const MOST_DAYS = 730;

export const SETTING_CHECKS: readonly Check[] = [
  setting("secret-strength", "SESSION_SECRET is random and long", ({ SESSION_SECRET: secrets }) => {
    const weak = secrets.map(guessableBecause).find((reason) => reason !== null);
    return weak
      ? fault(`one of SESSION_SECRET is ${weak}`, `SESSION_SECRET=<new>: ${MAKE_A_SECRET}`)
      : well(`${secrets.length} of them, each worth 128 bits or more`);
  }),
  setting(
    "secret-rotation",
    "SESSION_SECRET can be changed without signing anybody out",
    ({ SESSION_SECRET: secrets, SESSION_ABSOLUTE_AGE: age }) => {
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
  ),
  setting("metrics-token", "METRICS_TOKEN cannot be guessed", ({ METRICS_TOKEN: token }) => {
    if (!token) return well("metrics are off");
    const weak = guessableBecause(token);
    return weak
      ? fault(`METRICS_TOKEN is ${weak}`, `METRICS_TOKEN=<new>: ${MAKE_A_SECRET}`)
      : well("random");
  }),
  setting("https", "APP_URL is public and https", ({ APP_URL: url }) =>
    unless(
      url.protocol === "https:" && !isLoopback(url.hostname),
      url.origin,
      `APP_URL is ${url.origin}: cookies are not Secure, or nobody else can come`,
      "APP_URL=https://app.example.com",
    ),
  ),
  setting("insecure-http", "ALLOW_INSECURE_HTTP is off", ({ ALLOW_INSECURE_HTTP: allow }) =>
    unless(
      allow === "0",
      "off",
      "ALLOW_INSECURE_HTTP=1 lets a site run without https, where anyone on the way reads cookies",
      "ALLOW_INSECURE_HTTP=0, or leave it out",
    ),
  ),
  setting(
    "cookie-domain",
    "the cookie goes to this host alone",
    ({ SESSION_COOKIE_DOMAIN: domain, APP_URL: url }) =>
      domain
        ? fault(
            `SESSION_COOKIE_DOMAIN=${domain} sends it to every host under ${domain}, and lets each set it`,
            "leave SESSION_COOKIE_DOMAIN out; where other hosts need it: --accept cookie-domain",
          )
        : well(url.hostname),
  ),
  setting(
    "staff-idle",
    "staff are signed out after an hour without use (NIST 800-63B AAL2)",
    (all) => longestStay(all, "staff", "idleSeconds", HOUR, "SESSION_STAFF_COOKIE_AGE=1800"),
  ),
  setting("staff-absolute", "staff sign in once a day (NIST 800-63B AAL2)", (all) =>
    longestStay(all, "staff", "absoluteSeconds", DAY, "SESSION_STAFF_ABSOLUTE_AGE=43200"),
  ),
  setting("member-idle", "members are signed out after a month without use (ASVS 7.3.1)", (all) =>
    longestStay(all, "member", "idleSeconds", 30 * DAY, "SESSION_COOKIE_AGE=1209600"),
  ),
  setting("member-absolute", "members sign in once a quarter (ASVS 7.3.2)", (all) =>
    longestStay(all, "member", "absoluteSeconds", 90 * DAY, "SESSION_ABSOLUTE_AGE=7776000"),
  ),
  setting("touch", "activity is noted often enough for the idle timeout to be exact", (all) => {
    const { SESSION_TOUCH_SECONDS: touch } = all;
    const idleOf = (role: Role) => limitsFor(role, all).idleSeconds;
    const shortest = Math.min(idleOf("staff"), idleOf("member"));
    return unless(
      touch <= shortest / 4,
      `every ${touch} s`,
      `activity is noted every ${touch} s, and the shortest idle timeout is ${shortest} s`,
      `SESSION_TOUCH_SECONDS=${Math.min(60, Math.floor(shortest / 4))}`,
    );
  }),
  setting(
    "password-length",
    "passwords have 15 characters or more (NIST 800-63B: the only factor)",
    ({ PASSWORD_MIN_LENGTH: least }) =>
      unless(
        least >= 15,
        String(least),
        `passwords of ${least} characters are taken; fewer than 15 need a second factor beside them`,
        "PASSWORD_MIN_LENGTH=15",
      ),
  ),
  setting("hash-cost", "a hash costs 2^12 rounds or more", ({ PASSWORD_HASH_COST: cost }) =>
    unless(
      cost >= 12,
      `2^${cost}`,
      `bcrypt's cost is ${cost}: a leaked table is guessed ${2 ** (12 - cost)} times as fast`,
      "PASSWORD_HASH_COST=12",
    ),
  ),
  setting(
    "blocklist",
    "the list of refused passwords of one's own can be read",
    ({ PASSWORD_BLOCKLIST: file }) => {
      const wrong = file === undefined ? null : blocklistFileFault(file);
      const found = file ?? "none but the built-in one";
      return unless(wrong === null, found, `${file}: ${wrong}`, "PASSWORD_BLOCKLIST=<a file>");
    },
  ),
  setting(
    "throttle",
    "wrong passwords are few an hour (ASVS 6.3.1)",
    ({ THROTTLE_FAILURES: failures, THROTTLE_SECONDS: seconds }) => {
      const anHour = Math.round((failures * 3600) / seconds);
      return unless(
        anHour <= MOST_PASSWORDS_AN_HOUR,
        `${anHour} an hour`,
        `an address may try ${anHour} passwords of an account an hour`,
        "THROTTLE_FAILURES=10 and THROTTLE_SECONDS=900",
      );
    },
  ),
  setting(
    "event-retention",
    "events are kept long enough, and not for ever",
    ({ EVENT_RETENTION_DAYS: days }) => {
      if (days === 0)
        return fault("events of persons are kept for ever", "EVENT_RETENTION_DAYS=365");
      return days >= LEAST_DAYS && days <= MOST_DAYS
        ? well(`${days} days`)
        : fault(
            `events are kept for ${days} days: ${LEAST_DAYS} to ${MOST_DAYS} are sensible`,
            "EVENT_RETENTION_DAYS=365",
          );
    },
  ),
  setting("log-level", "the log tells what went wrong, and no more", ({ LOG_LEVEL: level }) =>
    unless(
      ["error", "warn", "info"].includes(level),
      level,
      `LOG_LEVEL=${level} ${/debug|trace/.test(level) ? "fills the log" : "hides errors"}`,
      "LOG_LEVEL=info",
    ),
  ),
];

function setting(id: string, title: string, judge: (all: Settings) => Finding): Check {
  return onDeploy(id, title, ({ settings }) => judge(settings));
}

/** Whether people of a role stay signed in for so long at most. */
function longestStay(
  all: Settings,
  role: "staff" | "member",
  limit: "idleSeconds" | "absoluteSeconds",
  mostSeconds: number,
  fix: string,
): Finding {
  const seconds = limitsFor(role, all)[limit];
  const who = role === "staff" ? "staff" : "members";
  const how = limit === "idleSeconds" ? "without use" : "in all";
  const found = `${seconds} s`;
  return unless(seconds <= mostSeconds, found, `${who} stay signed in for ${found} ${how}`, fix);
}

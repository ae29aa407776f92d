import { z } from "zod";
import { BRAND } from "@/lib/brand";

/** Whether a host name means this machine alone (RFC 6761 counts every name under localhost). */
export function isLoopback(hostname: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) || /^(.+\.)?localhost$|^\[?::1\]?$/.test(hostname);
}

/** One URL per node of the cluster; an empty list when the text is no MySQL URL. */
export function parseDatabaseUrl(text: string): string[] {
  const parts = /^(?<start>mysql:\/\/(?:[^@/]*@)?)(?<hosts>[^@/]+)(?<end>\/[^/?]+(?:\?.*)?)$/.exec(
    text,
  );
  if (!parts?.groups) return [];
  const { start, hosts = "", end } = parts.groups;
  const nodes = hosts.split(",").map((host) => `${start}${host}${end}`);
  return nodes.every((node) => URL.canParse(node)) ? nodes : [];
}

/** Why a secret must not be used, or null. Catches what people paste from examples (ASVS 13.3.1). */
export function weaknessOfSecret(secret: string): string | null {
  if (new Set(secret).size < 10) return "made of too few different characters";
  if (/change.?me|example|your.?secret|password|replace|placeholder/i.test(secret))
    return "an example value";
  return null;
}

const DAY_SECONDS = 86_400;
/** RFC 6265bis: browsers keep no cookie for longer, so no session may last longer either. */
const LONGEST_AGE_SECONDS = 400 * DAY_SECONDS;

const whole = (fallback: number, least: number, most: number, unit: string) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(fallback)
    .describe(`must be a whole number of ${unit} from ${least} to ${most}; default ${fallback}`);

const age = (fallback: number, least = 1) => whole(fallback, least, LONGEST_AGE_SECONDS, "seconds");

const choice = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z
    .enum(values)
    .default(fallback)
    .describe(`must be one of ${values.join(", ")}; default ${fallback}`);

const flag = (fallback: "true" | "false") =>
  choice(["true", "false"], fallback)
    .transform((value) => value === "true")
    .describe(`must be one of true, false; default ${fallback}`);

const table = (fallback: string) =>
  z
    .string()
    .regex(/^\w{1,64}$/)
    .default(fallback)
    .describe("must be the name of a table: letters, digits and _");

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

const SHORTEST_SECRET = 32;
/** The fix for a secret that is missing or weak. */
export const MAKE_A_SECRET = `make one with: node -p "crypto.randomBytes(32).toString('base64url')"`;

/** Every variable that Gatehouse reads. A description says what the value must be: it is the fix. */
export const VARIABLES = {
  DATABASE_URL: z
    .string()
    .transform(parseDatabaseUrl)
    .pipe(z.array(z.string()).min(1))
    .describe(
      "must be mysql://user:password@host:port/database (several hosts: h1:3306,h2:3306); only a site on localhost brings a database of its own",
    ),
  APP_URL: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => new URL(url).origin === url.replace(/\/$/, ""))
    .transform((url) => new URL(url))
    .optional()
    .describe("must be the public origin alone, such as https://app.example.com"),
  // One is held while a job runs; the others must not wait for it.
  DATABASE_POOL_SIZE: whole(10, 2, 1000, "connections"),
  PORT: whole(3000, 1, 65_535, "a port"),
  HOST: z.string().min(1).default("127.0.0.1").describe("must be the address to listen on"),
  ALLOW_INSECURE_HTTP: choice(["0", "1"], "0"),
  SESSION_SECRET: z
    .string()
    .transform((list) => list.split(",").map((secret) => secret.trim()))
    .pipe(z.array(z.string().min(SHORTEST_SECRET)))
    .describe(
      `must be ${SHORTEST_SECRET} random characters or more (several: comma-separated, newest first); ${MAKE_A_SECRET}`,
    ),
  SESSION_COOKIE_AGE: age(14 * DAY_SECONDS),
  SESSION_ABSOLUTE_AGE: age(90 * DAY_SECONDS),
  SESSION_STAFF_COOKIE_AGE: age(1800),
  SESSION_STAFF_ABSOLUTE_AGE: age(43_200),
  SESSION_SAVE_EVERY_REQUEST: flag("true"),
  SESSION_TOUCH_SECONDS: age(60, 0),
  SESSION_EXPIRE_AT_BROWSER_CLOSE: flag("false"),
  SESSION_COOKIE_NAME: z
    .string()
    .regex(/^(?!__(?:Host|Secure)-)[A-Za-z0-9_-]{1,64}$/i)
    .default("session")
    .describe("must be letters, digits, - or _ without __Host- or __Secure- (added over https)"),
  SESSION_COOKIE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i)
    .optional()
    .describe("must be a domain such as example.com, without a leading dot"),
  SESSION_COOKIE_SAMESITE: choice(["lax", "strict"], "lax"),
  SESSION_LIMIT_PER_USER: whole(0, 0, 10_000, "sessions"),
  SESSION_RETENTION_DAYS: whole(30, 0, 3650, "days"),
  EVENT_RETENTION_DAYS: whole(365, 0, 3650, "days").describe(
    "must be a whole number of days from 1 to 3650, or 0 to keep events for ever; default 365",
  ),
  PASSWORD_MIN_LENGTH: whole(15, 8, 128, "characters"),
  PASSWORD_BLOCKLIST: z.string().optional().describe("must be the path of a file"),
  PASSWORD_HASH_COST: whole(12, 4, 16, "doublings of bcrypt's work").describe(
    "must be a whole number from 10 to 16, each twice the work of the one before; default 12",
  ),
  THROTTLE_SECONDS: whole(900, 1, DAY_SECONDS, "seconds"),
  THROTTLE_FAILURES: whole(10, 1, 100, "failures"),
  THROTTLE_ADDRESS_FAILURES: whole(100, 1, 1_000_000, "failures"),
  THROTTLE_ACCOUNT_FAILURES: whole(100, 1, 100, "failures"),
  APP_NAME: z
    .string()
    .regex(/^[^\p{C}<>"]{1,60}$/u)
    .default(BRAND.name)
    .describe('must be the name of the site, of 60 characters at most, without <, > and "'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, abort: true })
    .transform((url) => new URL(url))
    .optional()
    .describe("must be smtp://user:password@host:port or smtps://…"),
  MAIL_FROM: z
    .email()
    .optional()
    .describe("must be the address that mails come from, such as no-reply@example.com"),
  SIGN_UP: z
    .string()
    .transform((text) => text.split(",").map((word) => word.trim().toLowerCase()))
    .pipe(z.array(z.string().regex(/^(closed|open|[a-z0-9-]+(\.[a-z0-9-]+)+)$/)).min(1))
    .transform(([only = "closed", ...more]) =>
      more.length === 0 && (only === "closed" || only === "open") ? only : [only, ...more],
    )
    .default("closed")
    .describe("must be closed, open, or mail domains such as example.com, comma-separated"),
  SECOND_FACTOR: choice(["optional", "staff", "required"], "optional"),
  DJANGO_SECRET_KEYS: z
    .string()
    .transform((list) => list.split(",").map((key) => key.trim()))
    .pipe(z.array(z.string().min(1)).min(1))
    .optional()
    .describe("must be Django's SECRET_KEY and those before it (comma-separated, newest first)"),
  DJANGO_DATABASE_URL: z
    .string()
    .transform(parseDatabaseUrl)
    .pipe(z.array(z.string()).min(1))
    .optional()
    .describe("must be mysql://user:password@host:port/database"),
  DJANGO_SESSION_COOKIE_NAME: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .default("sessionid")
    .describe("must be letters, digits, - or _"),
  DJANGO_SESSION_TABLE: table("django_session"),
  DJANGO_USER_TABLE: table("auth_user"),
  DJANGO_SESSION_SALT: z
    .string()
    .min(1)
    .default("django.contrib.sessions.SessionStore")
    .describe("must be the dotted name of the session store's class"),
  DJANGO_AUTH_BACKEND: z
    .string()
    .regex(/^[\w.]{1,255}$/)
    .default("django.contrib.auth.backends.ModelBackend")
    .describe("must be the dotted name of one of AUTHENTICATION_BACKENDS"),
  DJANGO_TIME_ZONE: z
    .string()
    .refine(isTimeZone)
    .default("UTC")
    .describe("must be the name of a time zone such as Europe/Berlin; UTC where USE_TZ is True"),
  TRUST_PROXY: whole(0, 0, 10, "proxies"),
  METRICS_TOKEN: z.string().min(16).optional().describe("must be 16 characters or more"),
  LOG_REQUESTS: flag("true"),
  LOG_LEVEL: choice(["fatal", "error", "warn", "info", "debug", "trace", "silent"], "info"),
};

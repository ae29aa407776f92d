import { z } from "zod";
import { isLoopback, parseDatabaseUrl, weaknessOfSecret } from "@/lib/setting-values";

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

const SHORTEST_SECRET = 32;
const MAKE_A_SECRET = `make one with: node -p "crypto.randomBytes(32).toString('base64url')"`;

/** Every variable that Gatehouse reads. A description says what the value must be: it is the fix. */
const VARIABLES = {
  DATABASE_URL: z
    .string()
    .transform(parseDatabaseUrl)
    .pipe(z.array(z.string()).min(1))
    .describe("must be mysql://user:password@host:port/database (several hosts: h1:3306,h2:3306)"),
  APP_URL: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => new URL(url).origin === url.replace(/\/$/, ""))
    .transform((url) => new URL(url))
    .optional()
    .describe("must be the public origin alone, such as https://app.example.com"),
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
  PASSWORD_MIN_LENGTH: whole(15, 8, 256, "characters"),
  TRUST_PROXY: whole(0, 0, 10, "proxies"),
  METRICS_TOKEN: z.string().min(16).optional().describe("must be 16 characters or more"),
  LOG_LEVEL: choice(["fatal", "error", "warn", "info", "debug", "trace", "silent"], "info"),
};

// Their values never reach a message: a start that fails is logged.
const CONFIDENTIAL = new Set(["DATABASE_URL", "SESSION_SECRET", "METRICS_TOKEN"]);

const Settings = z
  .object(VARIABLES)
  .transform((read) => ({
    ...read,
    APP_URL: read.APP_URL ?? new URL(`http://localhost:${read.PORT}`),
  }))
  .superRefine((read, context) => {
    const { APP_URL: url, ALLOW_INSECURE_HTTP, SESSION_COOKIE_DOMAIN: domain } = read;
    const weakness = read.SESSION_SECRET.map(weaknessOfSecret).find((found) => found !== null);
    if (weakness && !isLoopback(url.hostname)) {
      const message = `one is ${weakness}; ${MAKE_A_SECRET}`;
      context.addIssue({ code: "custom", path: ["SESSION_SECRET"], params: { message } });
    }
    if (url.protocol === "http:" && !isLoopback(url.hostname) && ALLOW_INSECURE_HTTP !== "1") {
      const message =
        "plain http lets anyone on the way read the session; use https, or set ALLOW_INSECURE_HTTP=1";
      context.addIssue({ code: "custom", path: ["APP_URL"], params: { message } });
    }
    if (domain && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) {
      const message = `it must be ${url.hostname} (the host of APP_URL) or a domain above it`;
      context.addIssue({ code: "custom", path: ["SESSION_COOKIE_DOMAIN"], params: { message } });
    }
  });

export type Settings = z.infer<typeof Settings>;

/** Thrown by `readSettings`. The message names each wrong variable, its fault and the fix. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Variables by name, as `process.env` holds them. */
export type Variables = Readonly<Record<string, string | undefined>>;

function describe(issue: z.core.$ZodIssue, source: Variables): string {
  const name = String(issue.path[0]);
  const value = source[name];
  const must =
    issue.code === "custom" && issue.params?.message
      ? String(issue.params.message)
      : `it ${VARIABLES[name as keyof typeof VARIABLES].description}`; // Paths are VARIABLES' keys.
  if (value === undefined) return `${name} is not set: ${must}`;
  return `${name} is ${CONFIDENTIAL.has(name) ? "not usable" : JSON.stringify(value)}: ${must}`;
}

/** Reads and checks every setting. An empty value counts as absent. Throws `SettingsError`. */
export function readSettings(source: Variables): Settings {
  const given = Object.keys(VARIABLES).map((name) => [name, source[name] || undefined]);
  const result = Settings.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => describe(issue, source));
  throw new SettingsError(["The settings are wrong:", ...new Set(faults)].join("\n  "));
}

let checked: Settings | undefined;

/** The settings of this process, read once at first use: a build needs none. */
export function settings(): Settings {
  checked ??= readSettings(process.env);
  return checked;
}

/** Whether `next dev` runs. Says nothing of safety: `Secure` and the like follow `APP_URL`. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}

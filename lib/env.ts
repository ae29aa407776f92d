import { z } from "zod";
import { isLoopback, MAKE_A_SECRET, VARIABLES, weaknessOfSecret } from "@/lib/variables";

// Their values never reach a message: a start that fails is logged.
const CONFIDENTIAL = new Set([
  "DATABASE_URL",
  "SESSION_SECRET",
  "METRICS_TOKEN",
  "SMTP_URL",
  "DJANGO_SECRET_KEYS",
  "DJANGO_DATABASE_URL",
]);

// OWASP's least for bcrypt.
const LEAST_HASH_COST = 10;

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
    if (read.PASSWORD_HASH_COST < LEAST_HASH_COST && !isLoopback(url.hostname)) {
      const message = `it must be ${LEAST_HASH_COST} or more; less is for tests on this machine`;
      context.addIssue({ code: "custom", path: ["PASSWORD_HASH_COST"], params: { message } });
    }
    if (read.SMTP_URL && !read.MAIL_FROM) {
      const message = "where SMTP_URL is set, it must be the address that mails come from";
      context.addIssue({ code: "custom", path: ["MAIL_FROM"], params: { message } });
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

/**
 * Reads and validates every setting; tells of the faults that were `found` before, too. An empty value
 * counts as absent. Throws `SettingsError`.
 */
export function readSettings(source: Variables, found: readonly string[] = []): Settings {
  const given = Object.keys(VARIABLES).map((name) => [name, source[name] || undefined]);
  const result = Settings.safeParse(Object.fromEntries(given));
  if (result.success && found.length === 0) return result.data;
  const issues = result.error?.issues ?? [];
  const faults = [...found, ...issues.map((issue) => describe(issue, source))];
  throw new SettingsError(["The settings are wrong:", ...new Set(faults)].join("\n  "));
}

let known: Settings | undefined;

/** The settings of this process, read once at first use: a build needs none. */
export function settings(): Settings {
  known ??= readSettings(process.env);
  return known;
}

/** Whether `next dev` runs. Says nothing of safety: `Secure` and the like follow `APP_URL`. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}

/** Matches the path of every page and handler of the build; empty where there is none. See next.config.ts. */
export const PATHS_OF_BUILD = process.env.PATHS_OF_BUILD ?? "";

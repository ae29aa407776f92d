import { describe, expect, it } from "vitest";
import { readSettings } from "@/lib/env";
import type { Finding } from "@/scripts/check/check";
import { WITHOUT_DATABASE } from "@/scripts/check/run";
import { mostBits } from "@/scripts/check/strength";

const RANDOM = "mP3vT9qLx0sKfZr7WnYbC2uHdGjE8aQi5oXtV4lR1eM";
const OTHER = "Zk8wB1nD5yJrU6cS0hPqA7xLg3vTfE9mOi2KtRz4CsY";

/** A good setting of a site in public. */
const GOOD = {
  DATABASE_URL: "mysql://app:s3cr3t@127.0.0.1/app",
  APP_URL: "https://app.example.com",
  SESSION_SECRET: RANDOM,
  SMTP_URL: "smtp://app:s3cr3t@mail.example.com",
  MAIL_FROM: "no-reply@example.com",
};

async function findings(more: Record<string, string> = {}): Promise<Map<string, Finding>> {
  const subject = { settings: readSettings({ ...GOOD, ...more }), now: new Date() };
  const found = new Map<string, Finding>();
  for (const check of WITHOUT_DATABASE) found.set(check.id, await check.run(subject));
  return found;
}

const faulty = (found: Map<string, Finding>) => [...found].filter(([, { ok }]) => !ok);

describe("check --deploy, of the settings", () => {
  it("finds no fault in a good setting", async () => {
    expect(faulty(await findings())).toEqual([]);
    const careful = {
      SESSION_SECRET: `${RANDOM},${OTHER}`,
      METRICS_TOKEN: OTHER,
      TRUST_PROXY: "1",
    };
    expect(faulty(await findings(careful))).toEqual([]);
  });

  it.each([
    ["CR-1", "secret-strength", { SESSION_SECRET: "0123456789abcdef0123456789abcdef" }],
    ["CR-1", "secret-strength", { SESSION_SECRET: "qwertyuiopasdfghjklzxcvbnmqwertyui" }],
    [
      "CR-1",
      "secret-strength",
      { SESSION_SECRET: `${RANDOM},${"83950274618395027461".repeat(2)}` },
    ],
    ["CR-2", "secret-rotation", { SESSION_SECRET: `${RANDOM},${RANDOM}` }],
    ["CR-2", "secret-rotation", { SESSION_SECRET: `${RANDOM},${OTHER},${OTHER}a,${OTHER}b` }],
    ["CR-1", "metrics-token", { METRICS_TOKEN: "1849302758461029" }],
    ["CK-3", "https", { APP_URL: "https://localhost" }],
    ["CK-3", "https", { APP_URL: "http://app.example.com", ALLOW_INSECURE_HTTP: "1" }],
    ["CK-3", "insecure-http", { ALLOW_INSECURE_HTTP: "1" }],
    ["CK-2", "cookie-domain", { SESSION_COOKIE_DOMAIN: "example.com" }],
    ["TO-10", "staff-idle", { SESSION_STAFF_COOKIE_AGE: "3601" }],
    ["TO-10", "staff-absolute", { SESSION_STAFF_ABSOLUTE_AGE: "86401" }],
    ["TO-1", "member-idle", { SESSION_COOKIE_AGE: "2592001" }],
    ["TO-2", "member-absolute", { SESSION_ABSOLUTE_AGE: "7776001" }],
    ["TO-1", "touch", { SESSION_TOUCH_SECONDS: "451" }],
    ["PW-1", "password-length", { PASSWORD_MIN_LENGTH: "14" }],
    ["PW-8", "hash-cost", { PASSWORD_HASH_COST: "11" }],
    ["AU-3", "throttle", { THROTTLE_FAILURES: "26" }],
    ["LG-5", "event-retention", { EVENT_RETENTION_DAYS: "0" }],
    ["LG-5", "event-retention", { EVENT_RETENTION_DAYS: "29" }],
    ["LG-5", "event-retention", { EVENT_RETENTION_DAYS: "731" }],
    ["LG-4", "log-level", { LOG_LEVEL: "silent" }],
    ["LG-4", "log-level", { LOG_LEVEL: "debug" }],
  ])("%s: %s finds its fault and says what to write", async (_id, check, settings) => {
    const found = faulty(await findings(settings));
    expect(found.map(([id]) => id)).toContain(check);
    const [, finding] = found.find(([id]) => id === check) ?? [];
    const [name] = Object.keys(settings);
    expect(finding).toMatchObject({ fix: expect.stringContaining(`${name}`) });
    for (const value of [RANDOM, OTHER, "s3cr3t"])
      expect(JSON.stringify(found)).not.toContain(value);
  });

  it.each([
    { SESSION_STAFF_COOKIE_AGE: "3600", SESSION_STAFF_ABSOLUTE_AGE: "86400" },
    { SESSION_COOKIE_AGE: "2592000", SESSION_TOUCH_SECONDS: "450", THROTTLE_FAILURES: "25" },
    { EVENT_RETENTION_DAYS: "30", SESSION_SECRET: "4f1c9e02a7d83b65f0e1c29d7a4b8365" },
  ])("finds none at the borders of %j", async (settings) => {
    expect(faulty(await findings(settings))).toEqual([]);
  });
});

describe("CR-1: what a secret is worth", () => {
  it.each([
    ["4f1c9e02a7d83b65f0e1c29d7a4b8365", 128],
    ["83950274618395027461839502746183", 106],
    ["mP3vT9qLmP3vT9qLmP3vT9qLmP3vT9qL", 48],
    [RANDOM, 258],
  ])("%s: %i bits at most", (secret, bits) => {
    expect(mostBits(secret)).toBe(bits);
  });
});

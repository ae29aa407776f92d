import { describe, expect, it } from "vitest";
import { readSettings, SettingsError } from "@/lib/env";

const SECRET = "k3J9_sVq2-8mZr7WcY4tB6nXpLd0HfGa";
const GOOD = {
  NODE_ENV: "production" as const,
  DATABASE_URL: "mysql://app:s3cr3t-of-db@127.0.0.1:3306/app",
  SESSION_SECRET: SECRET,
};

const read = (given: Partial<NodeJS.ProcessEnv>) => readSettings({ ...GOOD, ...given });

function faultOf(given: Partial<NodeJS.ProcessEnv>): string {
  try {
    read(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return "no fault";
}

describe("defaults", () => {
  it("are those of the reference", () => {
    expect(read({})).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      APP_URL: new URL("http://localhost:3000"),
      SESSION_COOKIE_AGE: 1_209_600,
      SESSION_ABSOLUTE_AGE: 7_776_000,
      SESSION_STAFF_COOKIE_AGE: 1800,
      SESSION_STAFF_ABSOLUTE_AGE: 43_200,
      SESSION_SAVE_EVERY_REQUEST: true,
      SESSION_TOUCH_SECONDS: 60,
      SESSION_EXPIRE_AT_BROWSER_CLOSE: false,
      SESSION_COOKIE_NAME: "session",
      SESSION_COOKIE_DOMAIN: undefined,
      SESSION_COOKIE_SAMESITE: "lax",
      SESSION_LIMIT_PER_USER: 0,
      SESSION_RETENTION_DAYS: 30,
      PASSWORD_MIN_LENGTH: 15,
      PASSWORD_HASH_COST: 12,
      TRUST_PROXY: 0,
      METRICS_TOKEN: undefined,
      LOG_LEVEL: "info",
    });
  });

  it("APP_URL follows PORT", () => {
    expect(read({ PORT: "4000" }).APP_URL.href).toBe("http://localhost:4000/");
  });

  it("an empty value counts as absent", () => {
    expect(read({ SESSION_COOKIE_AGE: "", APP_URL: "" }).SESSION_COOKIE_AGE).toBe(1_209_600);
  });

  it("several hosts are nodes of one cluster, with the same account and database", () => {
    const { DATABASE_URL } = read({ DATABASE_URL: "mysql://a:b@h1:3306,h2:3307/app" });
    expect(DATABASE_URL).toEqual(["mysql://a:b@h1:3306/app", "mysql://a:b@h2:3307/app"]);
  });

  it("CR-2: several secrets are taken in their order", () => {
    const other = SECRET.toLowerCase();
    expect(read({ SESSION_SECRET: `${SECRET}, ${other}` }).SESSION_SECRET).toEqual([SECRET, other]);
  });
});

describe("a wrong value stops the start, and is named with its fix", () => {
  it.each([
    ["DATABASE_URL", "postgres://a:b@h/app", "must be mysql://user:password@host:port/database"],
    ["DATABASE_URL", "mysql://h", "must be mysql://user:password@host:port/database"],
    ["APP_URL", "app.example.com", "must be the public origin alone"],
    ["APP_URL", "https://app.example.com/sub", "must be the public origin alone"],
    ["APP_URL", "ftp://app.example.com", "must be the public origin alone"],
    ["PORT", "0", "a port from 1 to 65535"],
    ["PORT", "3000.5", "a port from 1 to 65535"],
    ["ALLOW_INSECURE_HTTP", "yes", "one of 0, 1"],
    ["SESSION_COOKIE_AGE", "14 days", "a whole number of seconds"],
    ["SESSION_COOKIE_AGE", "-1", "a whole number of seconds"],
    ["SESSION_COOKIE_AGE", "0", "from 1"],
    ["SESSION_ABSOLUTE_AGE", "34560001", "to 34560000"],
    ["SESSION_STAFF_COOKIE_AGE", "1e3", "a whole number of seconds"],
    ["SESSION_STAFF_ABSOLUTE_AGE", "x", "a whole number of seconds"],
    ["SESSION_SAVE_EVERY_REQUEST", "True", "one of true, false"],
    ["SESSION_TOUCH_SECONDS", "x", "a whole number of seconds"],
    ["SESSION_EXPIRE_AT_BROWSER_CLOSE", "1", "one of true, false"],
    ["SESSION_COOKIE_NAME", "__Host-session", "without __Host- or __Secure-"],
    ["SESSION_COOKIE_NAME", "__secure-x", "without __Host- or __Secure-"],
    ["SESSION_COOKIE_NAME", "a;b", "letters, digits, - or _"],
    ["SESSION_COOKIE_NAME", "a".repeat(65), "letters, digits, - or _"],
    ["SESSION_COOKIE_DOMAIN", ".example.com", "without a leading dot"],
    ["SESSION_COOKIE_DOMAIN", "com", "a domain such as example.com"],
    ["SESSION_COOKIE_SAMESITE", "none", "one of lax, strict"],
    ["SESSION_LIMIT_PER_USER", "-1", "a whole number of sessions"],
    ["SESSION_RETENTION_DAYS", "forever", "a whole number of days"],
    ["PASSWORD_MIN_LENGTH", "7", "from 8"],
    ["PASSWORD_HASH_COST", "3", "from 10 to 16"],
    ["PASSWORD_HASH_COST", "17", "from 10 to 16"],
    ["PASSWORD_HASH_COST", "high", "from 10 to 16"],
    ["TRUST_PROXY", "true", "a whole number of proxies"],
    ["METRICS_TOKEN", "short", "16 characters or more"],
    ["LOG_LEVEL", "verbose", "one of fatal, error"],
  ])("CR-1: %s=%s", (name, value, fix) => {
    const fault = faultOf({ [name]: value });
    expect(fault).toContain(name);
    expect(fault).toContain(fix);
  });

  it("CR-1: every fault is named at once", () => {
    const fault = faultOf({ PORT: "x", LOG_LEVEL: "y", SESSION_SECRET: undefined });
    for (const name of ["PORT", "LOG_LEVEL", "SESSION_SECRET"]) expect(fault).toContain(name);
  });

  it.each(["DATABASE_URL", "SESSION_SECRET"])(
    "CR-1: without %s it says that it is not set",
    (name) => {
      expect(faultOf({ [name]: undefined })).toContain(`${name} is not set: it must be`);
    },
  );

  it("SESSION_COOKIE_DOMAIN must be a domain of APP_URL's host", () => {
    const at = (host: string, domain: string) =>
      faultOf({ APP_URL: `https://${host}`, SESSION_COOKIE_DOMAIN: domain });
    expect(at("app.example.com", "example.com")).toBe("no fault");
    expect(at("app.example.com", "app.example.com")).toBe("no fault");
    for (const other of ["ple.com", "other.com", "b.app.example.com"])
      expect(at("app.example.com", other)).toContain("SESSION_COOKIE_DOMAIN");
  });
});

describe("SESSION_SECRET", () => {
  const PUBLIC = { APP_URL: "https://app.example.com" };

  it.each([
    ["31 characters", SECRET.slice(1)],
    ["a short one among several", `${SECRET},short`],
    ["an empty one among several", `${SECRET},`],
  ])("CR-1: %s is refused everywhere, with the command that makes one", (_what, secret) => {
    expect(faultOf({ SESSION_SECRET: secret })).toContain("crypto.randomBytes(32)");
    expect(faultOf({ ...PUBLIC, SESSION_SECRET: secret })).toContain("SESSION_SECRET");
  });

  it.each([
    ["one letter over and over", "a".repeat(40)],
    ["a few letters over and over", "abcabcabc".repeat(5)],
    ["an example", "change-me-0123456789-0123456789-abcdef"],
    ["an example", "your_secret_0123456789abcdefghijklmnop"],
    ["the word password", "password-password-0123456789-abcdefgh"],
    ["a placeholder", "replace-this-0123456789-abcdefghijklmn"],
  ])(
    "CR-1: %s is refused where the public is, with the command that makes one",
    (_what, secret) => {
      expect(faultOf({ ...PUBLIC, SESSION_SECRET: secret })).toContain("crypto.randomBytes(32)");
      expect(faultOf({ ...PUBLIC, SESSION_SECRET: `${SECRET},${secret}` })).not.toBe("no fault");
    },
  );

  it("CR-1: a random one of 32 characters is taken", () => {
    expect(faultOf({ ...PUBLIC, SESSION_SECRET: SECRET })).toBe("no fault");
  });

  it("CR-1: no secret is in a message, whatever is wrong with it", () => {
    const secrets = {
      DATABASE_URL: "mysql:/app:s3cr3t-of-db@h/app",
      SESSION_SECRET: "s3cr3t-of-session",
      METRICS_TOKEN: "s3cr3t-token",
    };
    const fault = faultOf(secrets);
    for (const name of Object.keys(secrets)) expect(fault).toContain(`${name} is not usable`);
    expect(fault).not.toContain("s3cr3t");
    const weak = "password-s3cr3t-0123456789-abcdefgh";
    expect(faultOf({ ...PUBLIC, SESSION_SECRET: weak })).not.toContain("s3cr3t");
  });
});

describe("PASSWORD_HASH_COST", () => {
  it("PW-8: less than 10 is taken on this machine alone, for tests", () => {
    const at = (url: string, cost: string) => faultOf({ APP_URL: url, PASSWORD_HASH_COST: cost });
    expect(at("http://localhost:3000", "4")).toBe("no fault");
    expect(at("https://app.example.com", "10")).toBe("no fault");
    expect(at("https://app.example.com", "16")).toBe("no fault");
    expect(at("https://app.example.com", "9")).toContain("PASSWORD_HASH_COST");
    expect(at("https://app.example.com", "9")).toContain("10 or more");
  });
});

describe("plain http", () => {
  it.each([
    "http://localhost:3000",
    "http://app.localhost:3000",
    "http://127.0.0.1:3000",
    "http://127.1.2.3",
    "http://[::1]:3000",
    "https://app.example.com",
    "https://localhost",
  ])("CK-3: %s starts", (url) => {
    expect(faultOf({ APP_URL: url })).toBe("no fault");
  });

  it.each([
    "http://app.example.com",
    "http://192.168.1.10:3000",
    "http://10.0.0.1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://notlocalhost",
    "http://0.0.0.0:3000",
  ])("CK-3: %s does not, and the message says what to do", (url) => {
    const fault = faultOf({ APP_URL: url });
    expect(fault).toContain("use https");
    expect(fault).toContain("ALLOW_INSECURE_HTTP=1");
    expect(faultOf({ APP_URL: url, NODE_ENV: "development" })).toBe(fault);
    expect(faultOf({ APP_URL: url, ALLOW_INSECURE_HTTP: "1" })).toBe("no fault");
  });
});

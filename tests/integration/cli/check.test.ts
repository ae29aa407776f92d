import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manage } from "../../support/manage";

const Report = z.object({
  faults: z.number(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string().min(10),
      ok: z.boolean(),
      accepted: z.boolean(),
      found: z.string().optional(),
      fault: z.string().optional(),
      fix: z.string().optional(),
    }),
  ),
});

const SECRET = "mP3vT9qLx0sKfZr7WnYbC2uHdGjE8aQi5oXtV4lR1eM";
const PUBLIC = {
  APP_URL: "https://app.example.com",
  SESSION_SECRET: SECRET,
  PASSWORD_HASH_COST: "12",
  LOG_LEVEL: "info",
  SMTP_URL: "smtp://app:s3cr3t@mail.example.com",
  MAIL_FROM: "no-reply@example.com",
};

// The tests' server is quick rather than durable; its user owns the database, where nobody is yet.
const KNOWN = ["durability", "grants", "administrator"];

describe("check", () => {
  it("exits with 0 where what development needs is there", async () => {
    const ended = await manage(["check"]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/^ok {5}migrations: /m);
    expect(ended.out).toMatch(/\d+ checks, nothing to mend\.\n$/);
  });

  it("CR-1: --deploy exits with 1 for a site that only this machine can reach, and says what to write", async () => {
    const ended = await manage(["check", "--deploy"], { settings: { SESSION_SECRET: SECRET } });
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\d+ of \d+ checks found/),
    });
    expect(ended.out).toMatch(/^FAULT {2}https: .*\n.*\n +mend: APP_URL=https:/m);
    expect(ended.out + ended.err).not.toContain(SECRET);
  });

  it("has at least 20 checks, each with a fix where it finds a fault, as one JSON document", async () => {
    const ended = await manage(["check", "--deploy", "--json"], { settings: PUBLIC });
    const { checks, faults } = Report.parse(ended.json());
    expect(checks.length).toBeGreaterThanOrEqual(20);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    const faulty = checks.filter(({ ok }) => !ok);
    expect(faults).toBe(faulty.length);
    for (const { id, fault, fix } of faulty)
      expect([fault, fix], id).toEqual([
        expect.stringMatching(/.{10}/),
        expect.stringMatching(/.{10}/),
      ]);
    expect(KNOWN).toEqual(expect.arrayContaining(faulty.map(({ id }) => id)));
    expect(faulty.map(({ id }) => id)).toContain("administrator");
  });

  it("--accept lives with faults that are named, and exits with 0", async () => {
    const words = ["check", "--deploy", "--accept", KNOWN.join()];
    const ended = await manage(words, { settings: PUBLIC });
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/^known {2}grants: /m);
  });

  it("CR-1: tells wrong settings as a fault, with their fix", async () => {
    const settings = { SESSION_COOKIE_AGE: "soon" };
    const ended = await manage(["check", "--json"], { settings });
    expect(ended.code).toBe(1);
    expect(Report.parse(ended.json()).checks).toMatchObject([
      { id: "settings", ok: false, fault: expect.stringContaining("whole number of seconds") },
    ]);
  });

  it("RL-1: a database that is away is a fault, and no password is told", async () => {
    const settings = { DATABASE_URL: "mysql://app:s3cr3t@127.0.0.1:1/app" };
    const ended = await manage(["check", "--deploy", "--json"], {
      settings: { ...PUBLIC, ...settings },
    });
    expect(ended.code).toBe(1);
    const { checks } = Report.parse(ended.json());
    expect(checks.at(-1)).toMatchObject({ id: "database", ok: false });
    expect(checks.map(({ id }) => id)).toContain("secret-strength");
    expect(ended.out + ended.err).not.toContain("s3cr3t");
  });
});

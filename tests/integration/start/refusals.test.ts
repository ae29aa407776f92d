import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@/scripts/free-port";
import { npm } from "@/tests/support/npm";
import { copyProject, type ProjectCopy } from "@/tests/support/project-copy";

const GOOD_SECRET = "b7Yw2kQe9ZrT4uXo1LmN8sVc5HjA0pGd3FiK6yBt";

describe("npm start refuses settings that are wrong", () => {
  let copy: ProjectCopy;
  let port = "";

  beforeAll(async () => {
    copy = copyProject();
    port = String(await freePort());
  });
  afterAll(() => copy.remove());

  async function refusal(settings: Record<string, string>): Promise<string> {
    const run = npm(copy.folder, ["start"], { PORT: port, ...settings });
    expect(await run.ended).toBe(1);
    expect(run.output()).not.toContain("    at ");
    return run.output();
  }

  it("CK-3: plain http on a host that is not this machine", async () => {
    const words = await refusal({ APP_URL: "http://app.test", SESSION_SECRET: GOOD_SECRET });
    expect(words).toMatch(/APP_URL.+http:\/\/app\.test.+(https|ALLOW_INSECURE_HTTP=1)/);
  });

  it("CR-1: no SESSION_SECRET with a public APP_URL", async () => {
    const words = await refusal({ APP_URL: "https://app.test" });
    expect(words).toMatch(/SESSION_SECRET is not set.+32 random characters.+make one with/);
  });

  it("CR-1: a SESSION_SECRET that is too short, which it does not repeat", async () => {
    const words = await refusal({ APP_URL: "https://app.test", SESSION_SECRET: "Xq7-short" });
    expect(words).toMatch(/SESSION_SECRET.+32.+make one with/);
    expect(words).not.toContain("Xq7-short");
  });

  it("CR-1: a SESSION_SECRET copied from an example", async () => {
    const secret = "change-me-to-32-random-characters-please";
    const words = await refusal({ APP_URL: "https://app.test", SESSION_SECRET: secret });
    expect(words).toMatch(/SESSION_SECRET.+example.+make one with/);
  });

  it("CR-1: one bad secret among several", async () => {
    const settings = { APP_URL: "https://app.test", SESSION_SECRET: `${GOOD_SECRET},short` };
    expect(await refusal(settings)).toMatch(/SESSION_SECRET.+32.+make one with/);
  });

  it("CR-9: no DATABASE_URL with a public APP_URL: an empty database of its own serves nobody", async () => {
    const settings = { APP_URL: "https://app.test", SESSION_SECRET: GOOD_SECRET };
    const words = await refusal(settings);
    expect(words).toMatch(/DATABASE_URL is not set.+mysql:\/\/user:password@host.+localhost/);
    expect(words).not.toContain("Demo administrator");
    const pushed = npm(copy.folder, ["run", "db:migrate"], settings);
    expect(await pushed.ended).toBe(1);
    expect(pushed.output()).toMatch(/DATABASE_URL is not set/);
  });

  it("PW-12: a PASSWORD_BLOCKLIST that is not there, or is no file", async () => {
    const missing = await refusal({ PASSWORD_BLOCKLIST: "/nowhere/list.txt" });
    expect(missing).toContain('PASSWORD_BLOCKLIST is "/nowhere/list.txt": there is no such file');
    const folder = await refusal({ PASSWORD_BLOCKLIST: "/" });
    expect(folder).toContain('PASSWORD_BLOCKLIST is "/": it is no file');
  });

  it("a database that does not answer, by name and without its password", async () => {
    const words = await refusal({ DATABASE_URL: "mysql://someone:hidden-word@127.0.0.1:9/app" });
    expect(words).toMatch(/127\.0\.0\.1:9.+ECONNREFUSED[\s\S]+DATABASE_URL/);
    expect(words).not.toContain("hidden-word");
  });

  it("has started no database and made no secret for any of these", () => {
    expect(
      readdirSync(copy.folder).includes(".data") ? readdirSync(join(copy.folder, ".data")) : [],
    ).not.toContain("database");
  });
});

import { Command, CommanderError } from "@commander-js/extra-typings";
import { afterAll, describe, expect, it, vi } from "vitest";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { commands } from "@/scripts/manage/commands";
import { Connection } from "@/scripts/manage/connection";
import { manage } from "../../support/manage";

const UNKNOWN = "01890000-0000-7000-8000-000000000000";
const CREATE = ["users", "create", "--username", "ada", "--email", "ada@example.com"];

afterAll(closeHashingThreads);

/** What is said of these words before a database is opened; null where one is (there is none here). */
async function faultOf(words: readonly string[]): Promise<string | null> {
  let said = "";
  const silent = new Command("manage").configureOutput({
    writeErr: (text) => {
      said += text;
    },
  });
  const connection = new Connection(new AbortController().signal);
  const opened = vi.spyOn(connection, "open");
  try {
    await (await commands(connection, silent)).parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && opened.mock.calls.length === 0) return said;
  }
  return null;
}

describe("wrong usage is told before any database is opened", () => {
  it.each([
    ["AU-6: a password as an argument", [...CREATE, "--generate-password", "--password", "x"]],
    ["AU-6: a password as a short argument", [...CREATE, "--generate-password", "-p", "x"]],
    ["AU-6: a password behind --password-stdin", [...CREATE, "--password-stdin", "a password"]],
    ["neither way to a password", CREATE],
    ["both ways to a password", [...CREATE, "--password-stdin", "--generate-password"]],
    ["a role that is none", [...CREATE, "--generate-password", "--role", "root"]],
    ["no user name", ["users", "create", "--email", "a@b.c", "--generate-password"]],
    ["no e-mail", ["users", "create", "--username", "ada", "--generate-password"]],
    ["a status that is none", ["users", "list", "--status", "gone"]],
    ["set-password without its input", ["users", "set-password", "ada"]],
    [
      "set-password with a password",
      ["users", "set-password", "ada", "secret", "--password-stdin"],
    ],
    ["an unknown verb", ["users", "fly"]],
    ["an unknown noun", ["flights"]],
    ["no verb", ["sessions"]],
    ["a limit of 0", ["sessions", "list", "--limit", "0"]],
    ["a limit below 0", ["sessions", "list", "--limit=-1"]],
    ["a limit in words", ["sessions", "list", "--limit", "many"]],
    ["half a limit", ["sessions", "list", "--limit", "1.5"]],
    ["nothing to revoke", ["sessions", "revoke"]],
    ["an id and --all", ["sessions", "revoke", UNKNOWN, "--all"]],
    ["--user and --all", ["sessions", "revoke", "--user", "ada", "--all"]],
    ["what is no id", ["sessions", "revoke", "1 OR 1=1"]],
    ["LG-5: users erase without --yes", ["users", "erase", "ada"]],
    ["a policy preview of no limit", ["sessions", "policy", "preview"]],
    ["a policy preview of half a second", ["sessions", "policy", "preview", "--idle", "0.5"]],
    ["a policy preview of no known unit", ["sessions", "policy", "preview", "--idle", "3w"]],
    ["events since half an hour", ["events", "list", "--since", "0.5h"]],
    ["events since nothing", ["events", "list", "--since", "0h"]],
    ["a drill of what is no origin", ["sessions", "drill", "leak", "--url", "localhost"]],
    ["a check that there is none of", ["check", "--accept", "grants,nonsense"]],
  ])("%s", async (_what, words) => {
    expect(await faultOf(words)).toMatch(/error:|Usage:/);
  });

  it.each([
    [[...CREATE, "--generate-password", "--role", "admin", "--json"]],
    [["users", "list", "--role", "staff", "--status", "active"]],
    [["sessions", "revoke", UNKNOWN]],
    [["sessions", "revoke", "--all", "--json"]],
    [["users", "erase", "ada", "--yes"]],
    [["sessions", "policy", "preview", "--idle", "600", "--limit", "0"]],
    [["sessions", "policy", "preview", "--idle", "30m", "--absolute", "14d"]],
    [["events", "list", "--since", "24h", "--address", "203.0.113.7"]],
    [["sessions", "revoke", "--all", "--yes"]],
    [["sessions", "drill", "leak", "--url", "http://localhost:3000/"]],
  ])("goes on for %j", async (words) => {
    expect(await faultOf(words)).toBeNull();
  });
});

describe("the process", () => {
  const away = { DATABASE_URL: "mysql://app:s3cr3t@127.0.0.1:1/app" };

  it("exits with 2 for wrong usage, and says so on standard error", async () => {
    const ended = await manage([...CREATE, "--password", "a password"]);
    expect(ended).toMatchObject({ code: 2, out: "", err: expect.stringContaining("error:") });
  });

  it("exits with 1 where the database cannot be reached, and tells no password", async () => {
    const ended = await manage(["users", "list", "--json"], { settings: away });
    expect(ended).toMatchObject({ code: 1, out: "", err: expect.stringContaining("DATABASE_URL") });
    expect(ended.err).not.toMatch(/s3cr3t|\n {4}at /);
  });

  it("CR-1: exits with 1 for a wrong setting, with its name and fix", async () => {
    const settings = { ...away, SESSION_COOKIE_AGE: "soon" };
    const ended = await manage(["sessions", "count"], { settings });
    expect(ended).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("number of seconds"),
    });
    expect(ended.err).toContain("SESSION_COOKIE_AGE");
  });

  it("shows what there is where nothing, or help, is asked for", async () => {
    const [plain, help] = [await manage([]), await manage(["--help"])];
    expect(plain).toMatchObject({ code: 0, err: "" });
    expect(plain.out).toMatch(/users +people who can sign in\n/);
    expect(help).toMatchObject({ code: 0, out: plain.out });
  });

  it("exits with 2 for a noun that is none", async () => {
    expect(await manage(["flights"])).toMatchObject({ code: 2, out: "" });
  });

  it("CR-4: --help exits with 0 and shows no secret", async () => {
    const ended = await manage(["users", "create", "--help"]);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("--password-stdin") });
    expect(ended.out + ended.err).not.toContain(process.env.SESSION_SECRET);
  });
});

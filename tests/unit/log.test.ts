import { DrizzleQueryError } from "drizzle-orm";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { logConsoleErrors, logOptions } from "@/lib/log";
import { beginRequest } from "@/lib/request-scope";
import { loggedDuring } from "../support/logged";

const TOKEN = "abcdefghijklmnopqrstu_";
const HASH = "gatehouse1$2b$12$abcdefghijklmnopqrstuv";

/** What the log would hold of an entry. */
function written(entry: object): string {
  let line = "";
  pino({ ...logOptions(), level: "fatal" }, { write: (text) => (line = text) }).fatal(
    entry,
    "it failed",
  );
  return line;
}

describe("an entry of the log", () => {
  it("PW-11: holds no parameters of a statement that failed", () => {
    const cause = new Error("Table 'users' doesn't exist");
    const error = new DrizzleQueryError("update users set password_hash = ?", [HASH], cause);
    const line = written({ err: error });
    expect(line).not.toContain(HASH);
    expect(line).toContain("update users set password_hash = ?");
    expect(line).toContain("doesn't exist");
  });

  it("PW-11: nor those of an error's cause", () => {
    const query = new DrizzleQueryError("select ?", [HASH], new Error("no"));
    const line = written({ err: new Error("outer", { cause: query }) });
    expect(line).not.toContain(HASH);
    expect(line).toContain("outer");
  });

  it("PW-11: nor the statement that the database's driver puts into its errors", () => {
    const driver = Object.assign(new Error("syntax"), { sql: `select '${HASH}'`, errno: 1064 });
    expect(written({ err: new Error("outer", { cause: driver }) })).not.toContain(HASH);
  });

  it("PW-11: nor a parameter of several lines", () => {
    const error = new DrizzleQueryError("select ?", [`a\nb ${HASH}`], new Error("no"));
    expect(written({ err: error })).not.toContain(HASH);
  });

  it("says of an error what it is, where it happened and why", () => {
    const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const { err } = JSON.parse(written({ err: new TypeError("outer", { cause }) }));
    expect(err).toMatchObject({ type: "TypeError", message: "outer" });
    expect(err.cause).toMatchObject({ message: "refused", code: "ECONNREFUSED" });
    expect(err.stack[0]).toContain("log.test.ts");
  });

  it.each(["password", "secret", "cookie", "token"])("PW-11: hides a field named %s", (name) => {
    expect(written({ [name]: HASH, nested: { [name]: HASH } })).not.toContain(HASH);
  });

  it.each([
    "/api/password-resets/%s",
    "/reset-password?token=%s",
    "/not-me?a=b&token=%s#c",
    "/api//password-resets/%s",
    "/api/password-resets//%s/",
    "/reset-password/%s",
    "/reset-password/%s?a=b",
  ])("RS-2: has no token of a mail's link in a path like %s", (path) => {
    const line = written({ path: path.replace("%s", TOKEN) });
    expect(line).not.toContain(TOKEN);
    expect(JSON.parse(line).path).toBe(path.replace("%s", "…"));
  });

  it("says whole which other path was asked for", () => {
    for (const path of ["/admin/users/7/password", "/api/password-resets", "/sign-in?returnTo=%2F"])
      expect(JSON.parse(written({ path })).path).toBe(path);
  });
});

describe("what Next prints of errors", () => {
  const printed = (...errors: Error[]) =>
    loggedDuring(async () => {
      const before = console.error;
      logConsoleErrors();
      try {
        for (const error of errors) {
          beginRequest();
          console.error("⨯", error);
          console.error(error);
        }
      } finally {
        console.error = before;
      }
    });

  it("is a line with its stack each time", async () => {
    const lines = await printed(new Error("it broke"));
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatchObject({ level: 50, err: { message: "it broke" } });
  });

  it("is one line without a stack a request where a stranger's header cannot be read", async () => {
    const message = "The router state header was sent but could not be parsed.";
    const lines = await printed(new Error(message), new Error(message));
    expect(lines.map(({ level, msg, err }) => [level, msg, err])).toEqual(
      Array(2).fill([40, message, undefined]),
    );
  });
});

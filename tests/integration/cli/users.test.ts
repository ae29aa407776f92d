import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { resumeSession } from "@/lib/session/resume";
import { exitOf } from "@/scripts/processes";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { unlessWrong } from "../../support/given";
import { manage, startAtTerminal, startManage } from "../../support/manage";
import { byPassword, CLIENT, signedIn } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(" UNION ALL ");
const LONG = "a password that is long enough";

afterAll(closeHashingThreads);

const verify = (identifier: string, password: string) =>
  unlessWrong(proveByName({ identifier, ...byPassword(password) }, CLIENT, new Date())).then(
    (verified) => verified?.user ?? null,
  );
const fresh = () => `u${randomBytes(6).toString("hex")}`;
const create = (username: string, ...more: string[]) => [
  ...["users", "create", "--username", username, "--email", `${username}@example.com`],
  ...more,
];

describe("users create", () => {
  it("AU-6, AU-17: makes an administrator with a password that it made up, printed once, temporary", async () => {
    const name = fresh();
    const ended = await manage(create(name, "--role", "admin", "--generate-password"));
    expect(ended).toMatchObject({ code: 0, err: "" });
    const password = /^password: (\S+)$/m.exec(ended.out)?.[1] ?? "";
    expect(password.length).toBeGreaterThanOrEqual(15);
    expect(ended.out.split(password)).toHaveLength(2);
    expect(await verify(name, password)).toMatchObject({
      role: "admin",
      passwordIsTemporary: true,
    });
    expect(ended.out).toContain("It is temporary: good for 7 days");
    const listed = (await manage(["users", "list", "--role", "admin"])).out;
    expect(listed.split("\n").find((line) => line.includes(name))).toContain("temporary password");
  });

  it("AU-6: takes the password from standard input, as it is but for the line's end", async () => {
    const name = fresh();
    const ended = await manage(create(name, "--password-stdin", "--json"), {
      input: ` ${LONG} \n`,
    });
    expect(ended.code).toBe(0);
    expect(ended.out + ended.err).not.toContain(LONG);
    const id = await number("SELECT id FROM users WHERE username = ?", [name]);
    const email = `${name}@example.com`;
    const person = { id: String(id), username: name, email, name: "", role: "member" };
    const at = expect.any(String);
    const own = { passwordIsTemporary: false, passwordSetAt: at, emailVerifiedAt: at };
    const expected = { ...person, status: "active", ...own, factorsChangedAt: null };
    expect(ended.json()).toEqual({ user: expected });
    expect(await verify(name, ` ${LONG} `)).toMatchObject({ username: name });
    expect(await verify(name, LONG)).toBeNull();
  });

  it("AU-6: while it runs, its arguments hold no password", async () => {
    const name = fresh();
    const child = startManage(create(name, "--password-stdin"));
    child.stdin.end(`${LONG}\n`);
    const seen = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    expect(seen).toContain("--password-stdin");
    expect(seen).not.toContain(LONG);
    expect(await exitOf(child)).toBe(0);
    expect(await verify(name, LONG)).toMatchObject({ username: name });
  });

  it("exits with 1 for a password that is too short, and makes nobody", async () => {
    const name = fresh();
    const ended = await manage(create(name, "--password-stdin", "--json"), { input: "short" });
    const reason = expect.stringContaining("15 characters or more");
    expect(ended).toMatchObject({ code: 1, out: "", err: reason });
    expect(await number("SELECT COUNT(*) FROM users WHERE username = ?", [name])).toBe(0);
  });

  it("PW-12: exits with 1 for a password that is easy to guess, says why, and makes nobody", async () => {
    const name = fresh();
    const ended = await manage(create(name, "--password-stdin"), { input: "iloveyou1234567" });
    const reason = expect.stringContaining("close to a password that is tried first");
    expect(ended).toMatchObject({ code: 1, out: "", err: reason });
    expect(await number("SELECT COUNT(*) FROM users WHERE username = ?", [name])).toBe(0);
  });

  it("exits with 1 for a name that is taken, in whatever letters", async () => {
    const { username } = await newUser();
    const ended = await manage(create(username.toUpperCase(), "--generate-password"));
    expect(ended).toMatchObject({ code: 1, out: "", err: expect.stringContaining("already") });
  });
});

describe("users list", () => {
  it("prints every user for people: no hash, and nothing that moves a terminal's cursor", async () => {
    const [admin, disabled] = [
      await newUser({ role: "admin" }),
      await newUser({ status: "disabled" }),
    ];
    await change("UPDATE users SET name = ? WHERE id = ?", ["\u001b[2Jgone\u202e", admin.id]);
    const { code, out } = await manage(["users", "list"]);
    expect(code).toBe(0);
    for (const text of [admin.username, disabled.username, "gone"]) expect(out).toContain(text);
    expect(out).not.toMatch(/\$2b\$|gatehouse1|\p{Cf}|[^\P{Cc}\n]/u);
  });

  it("narrows by role and status, as one JSON document", async () => {
    const [staff, member] = [await newUser({ role: "staff" }), await newUser()];
    const words = ["users", "list", "--role", "staff", "--status", "active", "--json"];
    const ended = await manage(words);
    expect(ended.json()).toEqual({
      users: [
        expect.objectContaining({ id: String(staff.id), username: staff.username, role: "staff" }),
      ],
    });
    expect(ended.out).not.toContain(member.username);
    expect(ended.out).not.toMatch(/hash/i);
  });
});

describe("a pipe whose reader is slow", () => {
  // Of more than 250 bytes each: 5 MB in all.
  const MANY = 20_000;
  const THEIRS = "username LIKE 'piped-%'";

  it("gets all of it, and the end of it", async () => {
    await change(
      `INSERT INTO users (username, email, name, password_hash)
       SELECT CONCAT('piped-', n), CONCAT('piped-', n, '@example.com'), REPEAT('x', 100), '!'
       FROM (SELECT a.n + b.n * 10 + c.n * 100 + d.n * 1000 + e.n * 10000 AS n FROM
         ${["a", "b", "c", "d", "e"].map((name) => `(${DIGITS}) ${name}`).join(", ")}) numbers
       WHERE n < ?`,
      [MANY],
    );
    const child = startManage(["users", "list", "--json"]);
    let said = "";
    // A piece, and then whatever else this process has to do: never as fast as it is written.
    for await (const piece of child.stdout.setEncoding("utf8")) {
      said += piece;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await exitOf(child)).toBe(0);
    expect(said.length).toBeGreaterThan(5_000_000);
    const { users } = JSON.parse(said);
    expect(
      users.filter(({ username }: { username: string }) => /^piped-/.test(username)),
    ).toHaveLength(MANY);
    await change(`DELETE FROM users WHERE ${THEIRS}`);
  });
});

describe("users set-password at a terminal", () => {
  it("asks twice without showing what is typed", async () => {
    const { user } = await signedIn();
    const there = startAtTerminal(["users", "set-password", user.username]);
    await there.type("New password:", LONG);
    await there.type("once more:", LONG);
    expect(await there.code).toBe(0);
    expect(there.shown()).toContain(`${user.username} has a new password`);
    expect(there.shown()).not.toContain(LONG);
    expect(await verify(user.username, LONG)).not.toBeNull();
  });

  it("changes nothing where the two differ, and on Ctrl-C", async () => {
    const { user } = await signedIn();
    const differs = startAtTerminal(["users", "set-password", user.username]);
    await differs.type("New password:", LONG);
    await differs.type("once more:", `${LONG}!`);
    expect(await differs.code).toBe(1);
    expect(differs.shown()).toContain("not the same");
    const left = startAtTerminal(["users", "set-password", user.username]);
    await left.type("New password:", "\u0003");
    expect(await left.code).toBe(1);
    expect(await verify(user.username, PASSWORD)).not.toBeNull();
  });
});

describe("users set-password", () => {
  it("AU-17: gives one of their own in place of a temporary one", async () => {
    const { id, username } = await newUser({ temporarySince: new Date(0) });
    const words = ["users", "set-password", username, "--password-stdin"];
    expect((await manage(words, { input: `${LONG}\n` })).code).toBe(0);
    expect(await verify(username, LONG)).toMatchObject({ id, passwordIsTemporary: false });
  });

  it("TE-7: gives the new one, ends the sessions, and says how many", async () => {
    const { user, token } = await signedIn();
    const words = ["users", "set-password", user.username, "--password-stdin", "--json"];
    const ended = await manage(words, { input: `${LONG}\n` });
    expect(ended.json()).toEqual({ user: user.username, ended: 1 });
    expect(await resumeSession(token, new Date())).toMatchObject({ reason: "password_changed" });
    expect(await verify(user.username, LONG)).not.toBeNull();
    expect(await verify(user.username, PASSWORD)).toBeNull();
  });

  it("PW-1: exits with 1 for a password that is weak or missing, and ends no session", async () => {
    const { user, token } = await signedIn();
    const words = ["users", "set-password", user.username, "--password-stdin"];
    const tries = {
      passwordpassword: "tried first",
      aaaaaaaaaaaaaaaa: "easy to guess",
      "": "no password",
      "\n": "no password",
    };
    for (const [input, reason] of Object.entries(tries))
      expect(await manage(words, { input })).toMatchObject({
        code: 1,
        out: "",
        err: expect.stringContaining(reason),
      });
    expect(await resumeSession(token, new Date())).toMatchObject({ state: "live" });
    expect(await verify(user.username, PASSWORD)).not.toBeNull();
  });

  it("exits with 1 for an unknown user", async () => {
    const words = ["users", "set-password", fresh(), "--password-stdin"];
    const reason = expect.stringContaining("There is no user");
    expect(await manage(words, { input: LONG })).toMatchObject({ code: 1, out: "", err: reason });
  });
});

describe("AZ-10: the last active administrator", () => {
  const personOf = async (id: number) =>
    (await rows("SELECT role, status FROM users WHERE id = ?", [id]))[0];
  const AS_BEFORE = { role: "admin", status: "active" };

  async function theLast() {
    await change("UPDATE users SET role = 'staff' WHERE role = 'admin'");
    return signedIn({ role: "admin" });
  }

  it.each([
    ["set-role", ["member"], { role: "member" }],
    ["set-role", ["staff"], { role: "staff" }],
    ["disable", [], { status: "disabled" }],
  ])(
    "users %s U %j is refused as in the console, and done with --force",
    async (verb, more, after) => {
      const { user, token } = await theLast();
      await newUser({ role: "admin", status: "disabled" });
      const words = ["users", verb, user.username, ...more];
      const refused = await manage(words);
      expect(refused).toMatchObject({ code: 1, out: "" });
      for (const text of ["This is the last active administrator", "--force"])
        expect(refused.err).toContain(text);
      expect(await personOf(user.id)).toEqual(AS_BEFORE);
      expect(await resumeSession(token, new Date())).toMatchObject({ state: "live" });
      expect((await manage([...words, "--force"])).code).toBe(0);
      expect(await personOf(user.id)).toMatchObject(after);
    },
  );

  it("while there is another one, none of it is asked", async () => {
    const { user } = await theLast();
    await newUser({ role: "admin" });
    expect((await manage(["users", "disable", user.username])).code).toBe(0);
    expect(await personOf(user.id)).toMatchObject({ status: "disabled" });
  });

  it("setting what already is takes nothing away", async () => {
    const { user } = await theLast();
    expect((await manage(["users", "set-role", user.username, "admin"])).code).toBe(0);
    expect((await manage(["users", "enable", user.username])).code).toBe(0);
  });
});

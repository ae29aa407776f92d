import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { newUser } from "@/tests/helpers/people";
import { makeDjangoTables } from "../../support/django-site";
import { DJANGO_FILES, FOREIGN_PASSWORD, hashesOfDjango } from "../../support/foreign-hashes";
import { unlessWrong } from "../../support/given";
import { type Ended, manage } from "../../support/manage";
import { byPassword, CLIENT } from "../../support/signed-in";
import { change, number, rows } from "../../support/sql";

const [FILE = ""] = DJANGO_FILES;
const importing = (file: string, ...more: string[]) => manage(["users", "import", file, ...more]);
const everything = async () => JSON.stringify([await rows("SELECT * FROM users"), await count()]);
const count = () => number("SELECT COUNT(*) FROM events");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-import-"));
let first: Ended;

beforeAll(async () => {
  first = await importing(FILE);
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await closeHashingThreads();
});

async function userOf(username: string) {
  const [row] = await rows("SELECT * FROM users WHERE username = ?", [username]);
  return row;
}

const signsIn = async (identifier: string) => {
  const credentials = { identifier, ...byPassword(FOREIGN_PASSWORD) };
  const verified = await unlessWrong(proveByName(credentials, CLIENT, new Date()));
  return verified?.user.username;
};

describe("users import, of what a real Django's dumpdata wrote", () => {
  it("takes whom it can, says whom not and why, and exits with 1", () => {
    expect(first).toMatchObject({ code: 1, err: "3 user(s) could not be taken.\n" });
    expect(first.out).toContain("Took 15 user(s); 0 were there already.");
    expect(first.out).toContain("Ignored 1 record(s) of auth.group.");
    expect(first.out).toMatch(
      /16 +other@example\.com +username: A user name has no spaces and no @/,
    );
    expect(first.out).toMatch(/17 +no-email +email: There is none/);
    expect(first.out).toMatch(/18 +double +email: The user staff has it already/);
  });

  it("PW-9: keeps each hash as it is, and prints none", async () => {
    for (const [name, hash] of Object.entries(hashesOfDjango(FILE))) {
      const user = await userOf(name);
      if (user) expect(user.password_hash, name).toBe(hash);
      if (hash) expect(first.out + first.err).not.toContain(hash.slice(0, 20));
    }
  });

  it("keeps name, role, status and times", async () => {
    expect(await userOf("defaults")).toMatchObject({
      email: "defaults@example.com",
      role: "member",
      status: "active",
      created_at: new Date("2019-03-04T05:06:07.891Z"),
      last_sign_in_at: new Date("2024-11-12T13:14:15.000Z"),
    });
    expect(await userOf("staff")).toMatchObject({ role: "staff", name: "Stefan Staff" });
    expect(await userOf("superuser")).toMatchObject({ role: "admin", name: "Susi" });
    expect(await userOf("inactive")).toMatchObject({ status: "disabled", last_sign_in_at: null });
    expect(await userOf("Жанна.Ångström")).toMatchObject({ name: "Жанна Ångström" });
  });

  it("PW-9: they sign in with the password that they had, but who is disabled or has none", async () => {
    for (const name of ["bcrypt_sha256", "scrypt", "жанна.ångström", "superuser@example.com"])
      expect(await signsIn(name), name).toBeDefined();
    for (const name of ["inactive", "unusable", "other@example.com"])
      expect(await signsIn(name), name).toBeUndefined();
    expect(first.out).toMatch(/have no password.+\nusername\nunusable\n/);
  });

  it("of a user name that is an email the part before the @ stays, with the pk where that is taken", async () => {
    expect(await userOf("grace")).toMatchObject({ email: "Grace@example.com" });
    expect(await userOf("staff-15")).toMatchObject({ email: "staff@example.org", role: "member" });
    expect(first.out).toMatch(/14 +grace@example\.com +grace\n/);
    expect(first.out).toMatch(/15 +staff@example\.org +staff-15\n/);
    expect(await signsIn("grace@example.com")).toBe("grace");
  });

  it("LG-1: writes down each", async () => {
    const found = await rows(
      `SELECT JSON_EXTRACT(e.detail, '$.imported') AS imported,
         JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.role')) AS role
       FROM events e JOIN users u ON u.id = e.user_id
       WHERE e.type = 'user_created' AND u.username IN ('staff', 'superuser') ORDER BY u.id`,
    );
    expect(found.map(({ imported, role }) => [String(imported), role])).toEqual([
      ["true", "staff"],
      ["true", "admin"],
    ]);
    expect(await number("SELECT COUNT(*) FROM events WHERE type = 'user_created'")).toBe(15);
  });

  it("a second time finds all there and changes nothing", async () => {
    const before = await everything();
    const again = await importing(FILE, "--json");
    expect(again.code).toBe(1);
    expect(again.json()).toMatchObject({
      taken: 0,
      alreadyThere: 15,
      ignored: { "auth.group": 1 },
    });
    expect(await everything()).toBe(before);
  });

  it("takes all of a good file, and exits with 0", async () => {
    const record = {
      model: "auth.user",
      pk: 700,
      fields: { username: "lone", email: "lone@b.example" },
    };
    Object.assign(record.fields, { password: "!", date_joined: "2020-01-02T03:04:05" });
    const file = join(folder, "one.json");
    writeFileSync(file, JSON.stringify([record]));
    const ended = await importing(file, "--json");
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.json()).toEqual({
      ignored: {},
      taken: 1,
      alreadyThere: 0,
      renamed: [],
      withoutPassword: ["lone"],
      refused: [],
    });
    expect(await userOf("lone")).toMatchObject({ created_at: new Date("2020-01-02T03:04:05Z") });
  });

  it("notes who they are there; an account of another origin is theirs only where that is said", async () => {
    const user = await newUser();
    const { username, email } = user;
    const fields = { username, email, password: "!", date_joined: "2020-01-02T03:04:05" };
    const file = join(folder, "other.json");
    writeFileSync(file, JSON.stringify([{ model: "auth.user", pk: 701, fields }]));
    const identities = () =>
      number("SELECT COUNT(*) FROM identities WHERE subject = '701' AND user_id = ?", [user.id]);
    const refused = await importing(file);
    expect([refused.code, await identities()]).toEqual([1, 0]);
    expect(refused.out).toContain(`--link ${username}`);
    expect((await importing(file, "--link", username)).code).toBe(0);
    expect(await identities()).toBe(1);
    expect((await importing(file, "--json")).json()).toMatchObject({ alreadyThere: 1 });
    expect(await number("SELECT COUNT(*) FROM identities")).toBe(17);
  });

  it("gives members of a group the role that is said, and says the rule", async () => {
    const date_joined = "2020-01-02T03:04:05Z";
    const person = (pk: number, username: string, groups: unknown[]) => {
      const email = `${username}@b.example`;
      const fields = { username, email, password: "!", date_joined, groups };
      return { model: "auth.user", pk, fields };
    };
    const group = { model: "auth.group", pk: 3, fields: { name: "editors" } };
    const people = [person(710, "keyed", [3]), person(711, "natural", [["editors"]])];
    const file = join(folder, "groups.json");
    writeFileSync(file, JSON.stringify([group, ...people, person(712, "groupless", [])]));
    const ended = await importing(file, "--group", "editors=staff");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toContain(
      "Superusers are admin, staff are staff, members of editors staff; all others member.",
    );
    const roles = await rows(
      "SELECT role FROM users WHERE username IN ('keyed', 'natural', 'groupless') ORDER BY id",
    );
    expect(roles.map(({ role }) => role)).toEqual(["staff", "staff", "member"]);
  });

  it("takes more than are made at once, and lists the first of those that need something", async () => {
    const person = (_: unknown, index: number) => {
      const username = `crowd${index}`;
      const email = index === 600 ? "crowd5@b.example" : `${username}@b.example`;
      const fields = { username, email, password: "!", date_joined: "2020-01-02T03:04:05Z" };
      return { model: "auth.user", pk: 10_000 + index, fields };
    };
    const file = join(folder, "crowd.json");
    writeFileSync(file, JSON.stringify(Array.from({ length: 1201 }, person)));
    const ended = await importing(file);
    expect(ended).toMatchObject({ code: 1, err: "1 user(s) could not be taken.\n" });
    expect(ended.out).toContain("Took 1200 user(s); 0 were there already.");
    expect(ended.out).toMatch(/\ncrowd99\nand 1100 more: --json has them all\n/);
    expect(await number("SELECT COUNT(*) FROM identities WHERE subject >= 10000")).toBe(1200);
    const events =
      "SELECT COUNT(*) FROM events e JOIN users u ON u.id = e.user_id WHERE u.username LIKE 'crowd%'";
    expect(await number(events)).toBe(1200);
  });

  it("takes a model of one's own, with fields of other names", async () => {
    const fields = {
      login: "hopper",
      mail: "hopper@b.example",
      password: "!",
      joined: "2020-01-02T03:04:05Z",
    };
    const file = join(folder, "own.json");
    writeFileSync(file, JSON.stringify([{ model: "accounts.person", pk: 720, fields }]));
    const maps = ["username=login", "email=mail", "date_joined=joined"].flatMap((each) => [
      "--map",
      each,
    ]);
    expect(await importing(file, "--model", "accounts.person", ...maps)).toMatchObject({ code: 0 });
    expect(await userOf("hopper")).toMatchObject({ email: "hopper@b.example" });
  });

  it("of two in one file who want the same, the first has it", async () => {
    const person = (pk: number, email: string) => {
      const fields = {
        username: "twice",
        email,
        password: "!",
        date_joined: "2020-01-02T03:04:05Z",
      };
      return { model: "auth.user", pk, fields };
    };
    const file = join(folder, "twice.json");
    writeFileSync(
      file,
      JSON.stringify([person(730, "one@b.example"), person(731, "two@b.example")]),
    );
    const ended = await importing(file, "--json");
    expect(ended.json()).toMatchObject({ taken: 1, refused: [{ pk: "731" }] });
    expect(await userOf("twice")).toMatchObject({ email: "one@b.example" });
  });

  it("reads the site's own table, again and again, with times of its zone", async () => {
    await makeDjangoTables();
    await change("CREATE TABLE IF NOT EXISTS auth_group (id int PRIMARY KEY, name varchar(150))");
    await change("CREATE TABLE IF NOT EXISTS auth_user_groups (user_id int, group_id int)");
    await change("INSERT INTO auth_group VALUES (1, 'editors')");
    const values = "'!x', '2024-05-06 07:08:09.123456', 0";
    for (const [index, name] of ["tab1", "tab2", "tab3"].entries())
      await change(
        `INSERT INTO auth_user VALUES (?, ${values}, ?, '', '', ?, ?, 1, '2020-07-02 03:04:05')`,
        [800 + index, name, `${name}@b.example`, index === 1 ? 1 : 0],
      );
    await change("INSERT INTO auth_user_groups VALUES (802, 1)");
    const ended = await importing("--table", "--group", "editors=admin", "--json");
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.json()).toMatchObject({ taken: 3, alreadyThere: 0 });
    expect(await userOf("tab1")).toMatchObject({
      role: "member",
      created_at: new Date("2020-07-02T03:04:05Z"),
      last_sign_in_at: new Date("2024-05-06T07:08:09.123Z"),
    });
    expect([(await userOf("tab2"))?.role, (await userOf("tab3"))?.role]).toEqual([
      "staff",
      "admin",
    ]);
    expect((await importing("--table", "--json")).json()).toMatchObject({
      taken: 0,
      alreadyThere: 3,
    });
    const settings = { DJANGO_TIME_ZONE: "Europe/Paris" };
    await change(
      "UPDATE auth_user SET id = 803, username = 'tab4', email = 'tab4@b.example' WHERE id = 800",
    );
    await manage(["users", "import", "--table"], { settings });
    expect(await userOf("tab4")).toMatchObject({ created_at: new Date("2020-07-02T01:04:05Z") });
  });

  it("asks for a file or the table", async () => {
    const ended = await manage(["users", "import"]);
    expect(ended).toMatchObject({
      code: 1,
      err: "Give the file that dumpdata wrote, or --table.\n",
    });
  });

  it.each([
    ["--map", "username"],
    ["--group", "editors=king"],
  ])("%s %s is a wrong usage", async (...words) => {
    expect((await importing(FILE, ...words)).code).toBe(2);
  });

  it("exits with 1 for a file that is none, before any database is asked", async () => {
    const settings = { DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" };
    const ended = await manage(["users", "import", join(folder, "nowhere.json")], { settings });
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/nowhere\.json cannot be read: ENOENT/);
  });
});

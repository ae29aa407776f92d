import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proveByName } from "@/lib/auth/methods";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { newUser } from "@/tests/helpers/people";
import { DJANGO_FILES, FOREIGN_PASSWORD, hashesOfDjango } from "../../support/foreign-hashes";
import { unlessWrong } from "../../support/given";
import { type Ended, manage } from "../../support/manage";
import { byPassword, CLIENT } from "../../support/signed-in";
import { number, rows } from "../../support/sql";

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

  it("exits with 1 for a file that is none, before any database is asked", async () => {
    const settings = { DATABASE_URL: "mysql://nobody@127.0.0.1:1/nothing" };
    const ended = await manage(["users", "import", join(folder, "nowhere.json")], { settings });
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/nowhere\.json cannot be read: ENOENT/);
  });
});

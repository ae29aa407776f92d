import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readUserRecord } from "@/lib/django/user-record";

const GOOD = {
  username: "ada",
  email: "ada@example.com",
  password: "pbkdf2_sha256$1$x$y",
  first_name: "Ada",
  last_name: "Lovelace",
  is_active: true,
  is_staff: false,
  is_superuser: false,
  date_joined: "2020-01-02T03:04:05.678Z",
  last_login: null,
  groups: [],
  user_permissions: [],
};
const read = (fields: object, pk: unknown = 7) =>
  readUserRecord({ model: "auth.user", pk, fields: { ...GOOD, ...fields } });

describe("readUserRecord", () => {
  it("reads what Django writes", () => {
    expect(read({})).toEqual({
      usernames: ["ada"],
      account: {
        email: "ada@example.com",
        name: "Ada Lovelace",
        role: "member",
        status: "active",
        passwordHash: GOOD.password,
        createdAt: new Date("2020-01-02T03:04:05.678Z"),
        lastSignInAt: null,
      },
      subject: "7",
    });
  });

  it.each([
    ["2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000Z"],
    ["2020-01-02T03:04:05.123456+05:30", "2020-01-01T21:34:05.123Z"],
    ["2020-01-02T03:04:05.123", "2020-01-02T03:04:05.123Z"],
  ])("the time %s is %s, wherever this runs", (date_joined, iso) => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(read({ date_joined })).toMatchObject({ account: { createdAt: new Date(iso) } });
  });

  it.each([
    ["ada@example.com", "ada@example.com", ["ada", "ada-7"]],
    ["Ada@Example.com", "ada@example.com", ["Ada", "Ada-7"]],
    [`${"a".repeat(140)}@b.c`, `${"a".repeat(140)}@b.c`, ["a".repeat(140), `${"a".repeat(100)}-7`]],
  ])(
    "of the user name %s, which is the email, the part before the @ is wanted",
    (username, email, usernames) => {
      expect(read({ username, email })).toMatchObject({ usernames });
    },
  );

  it("without a pk there is one name to try", () => {
    const names = { username: "ada@example.com" };
    expect(read(names, null)).toMatchObject({ usernames: ["ada"] });
  });

  it.each([
    [
      "an email of somebody else for a name",
      { username: "eve@example.com" },
      "username: A user name",
    ],
    ["a space in the name", { username: "ada lovelace" }, "username: A user name has no spaces"],
    ["a control character in the name", { username: "ada\u001b[2J" }, "username: "],
    ["no name", { username: "" }, "username: "],
    ["no email", { email: "" }, "email: There is none; an account needs one."],
    ["no email at all", { email: undefined }, "email: There is none; an account needs one."],
    ["what is no email", { email: "ada" }, "email: An e"],
    ["a name that is too long", { first_name: "x".repeat(151) }, "name: "],
    ["no password", { password: undefined }, "password: "],
    ["a password that is no text", { password: 5 }, "password: "],
    ["a password that is too long", { password: "x".repeat(256) }, "password: "],
    ["no time", { date_joined: null }, "date_joined: "],
    ["what is no time", { date_joined: "yesterday" }, "date_joined: "],
    ["a day that is none", { last_login: "2020-02-30T00:00:00Z" }, "last_login: "],
    ["a status that is none", { is_active: "yes" }, "is_active: "],
  ])("%s is told", (_what, fields, fault) => {
    expect(read(fields)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it("reads fields that are called otherwise there", () => {
    const { username, ...others } = GOOD;
    const record = { pk: 7, fields: { ...others, login: "grace", staff: true } };
    const fields = { username: "login", is_staff: "staff" };
    expect(readUserRecord(record, { fields })).toMatchObject({
      usernames: ["grace"],
      account: { role: "staff" },
    });
    expect(username).toBe("ada");
  });

  it.each([
    [{ groups: [1] }, "staff"],
    [{ groups: [2] }, "member"],
    [{ groups: [2, 3, 1] }, "admin"],
    [{ groups: [1], is_superuser: true }, "admin"],
    [{ groups: [], is_staff: true }, "staff"],
  ])("of %j the highest role counts: %s", (fields, role) => {
    const roles = new Map<unknown, "staff" | "admin">([
      [1, "staff"],
      [3, "admin"],
    ]);
    const roleOfGroup = (group: unknown) => roles.get(group) ?? null;
    const record = { pk: 7, fields: { ...GOOD, ...fields } };
    expect(readUserRecord(record, { roleOfGroup })).toMatchObject({ account: { role } });
  });

  it.each([null, 5, "x", [], {}, { fields: null }, { fields: [] }, { pk: {}, fields: GOOD }])(
    "%j is no user",
    (record) => {
      expect(readUserRecord(record)).toEqual({ fault: expect.any(String) });
    },
  );

  it("PW-11: a fault does not repeat the hash", () => {
    const password = "s3cr3t".repeat(50);
    expect(JSON.stringify(read({ password }))).not.toContain("s3cr3t");
  });
});

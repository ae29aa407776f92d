import { describe, expect, it } from "vitest";
import { NewUserInput } from "@/lib/account/new-user";

const ADA = { username: "Ada", email: "ada@example.com" };
const isTaken = (change: object) => NewUserInput.safeParse({ ...ADA, ...change }).success;

describe("NewUserInput", () => {
  it("AU-12: who says nothing about a role becomes a member", () => {
    expect(NewUserInput.parse(ADA)).toEqual({ ...ADA, name: "", role: "member" });
  });

  it.each([
    ["status", { status: "active" }],
    ["id", { id: 1 }],
    ["passwordHash", { passwordHash: "x" }],
    ["createdAt", { createdAt: new Date() }],
    ["isAdmin", { isAdmin: true }],
  ])("AU-12: the field %s is refused, not ignored", (_field, extra) => {
    expect(isTaken(extra)).toBe(false);
  });

  it.each(["root", "Admin", "", null, ["admin"]])("AU-12: %j is no role", (role) => {
    expect(isTaken({ role })).toBe(false);
  });

  it("AU-8: kept as NFC, without blanks around, letter case as typed", () => {
    const input = { username: " Jose\u0301 ", email: " Jose\u0301@Example.com " };
    expect(NewUserInput.parse(input)).toMatchObject({
      username: "Jos\u00e9",
      email: "Jos\u00e9@Example.com",
    });
  });

  it.each([
    ["an e-mail's sign", "ada@example.com"],
    ["a blank", "a da"],
    ["a control character", "a\u0007da"],
    ["an invisible direction mark", "ada\u202e"],
    ["a zero-width space", "a\u200bda"],
    ["nothing", ""],
    ["blanks alone", "   "],
    ["151 letters", "a".repeat(151)],
  ])("a user name does not hold %s", (_what, username) => {
    expect(isTaken({ username })).toBe(false);
  });

  it.each(["ada", "ada@", "@example.com", "a@b@c", "a da@example.com", `${"a".repeat(250)}@b.de`])(
    "%j is no e-mail",
    (email) => {
      expect(isTaken({ email })).toBe(false);
    },
  );

  it("LG-2: a name cannot forge a line", () => {
    expect(isTaken({ name: "Ada\r\nadmin signed in" })).toBe(false);
    expect(isTaken({ name: "Ada \u001b[2J" })).toBe(false);
    expect(isTaken({ name: "Ada Lovelace 😀" })).toBe(true);
  });
});

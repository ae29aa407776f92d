import { describe, expect, it } from "vitest";
import { NewUserInput } from "@/lib/users/input";

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

  it.each([
    ["a full-width @", "ada\uff20example.com"],
    ["full-width letters", "\uff41da"],
    ["a ligature", "\ufb01fi"],
    ["a letter of the mathematicians", "\u{1d41a}da"],
    ["a zero-width space", "a\u200bda"],
    ["a zero-width joiner", "a\u200dda"],
    ["a mark of direction", "ada\u200f"],
    ["a soft hyphen", "a\u00adda"],
    ["a word joiner", "a\u2060da"],
    ["a grapheme joiner", "a\u034fda"],
    ["a variation selector", "ada\ufe0f"],
    ["a Hangul filler", "a\u3164da"],
    ["an empty Braille cell", "a\u2800da"],
  ])("AU-8: neither a user name nor an email holds %s", (_what, deceptive) => {
    expect(isTaken({ username: deceptive })).toBe(false);
    expect(isTaken({ email: `${deceptive}@example.com` })).toBe(false);
  });

  it.each([
    "m\u0131ke",
    "stra\u00dfe",
    "\u03c3\u03b1\u03c2",
    "\u0430da",
    "\u0e04\u0e33",
    "\u674e",
    "o\u2019neil",
  ])("AU-8: %j is a name like any other", (username) => {
    expect(isTaken({ username, email: `${username}@example.com` })).toBe(true);
  });

  it("AU-8: the plain form of a letter is put in the place of its double", () => {
    expect(NewUserInput.parse({ ...ADA, username: "\u212aim" }).username).toBe("Kim");
    expect(NewUserInput.parse({ ...ADA, username: "\u0130z" }).username).toBe("i\u0307z");
    expect(NewUserInput.parse({ ...ADA, username: "I\u0307z" }).username).toBe("i\u0307z");
  });

  it.each([
    "ada",
    "ada@",
    "@example.com",
    "a@b@c",
    "a da@example.com",
    "<a@example.com>",
    "a@example.com,b@c.de",
    '"a"@b.de',
    "a@[192.0.2.1]",
    `${"a".repeat(250)}@b.de`,
  ])("%j is no e-mail", (email) => {
    expect(isTaken({ email })).toBe(false);
  });

  it("LG-2: a name cannot forge a line", () => {
    expect(isTaken({ name: "Ada\r\nadmin signed in" })).toBe(false);
    expect(isTaken({ name: "Ada \u001b[2J" })).toBe(false);
    expect(isTaken({ name: "Ada Lovelace 😀" })).toBe(true);
  });
});

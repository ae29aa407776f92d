// Look-alikes: no two people are one, and nobody is somebody else (AU-8).

import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isUnstorableText } from "@/lib/db/errors";
import { searchUsers } from "@/lib/users/find";
import { createUser, findByIdentifier } from "@/lib/users/users";
import { change } from "@/tests/support/sql";
import { given } from "../../support/given";

const NOW = new Date();

/** Letters that no other test uses, so that each has its own names. */
const own = () => `x${randomBytes(5).toString("hex")}`;

async function add(username: string, email = `${own()}@example.com`) {
  const person = { username, email, name: "", role: "member", passwordHash: "none" } as const;
  return await given(createUser(person, NOW));
}

async function whoIs(identifier: string): Promise<number | null> {
  return (await findByIdentifier(identifier))?.user.id ?? null;
}

const DIFFERENT: [words: string, one: string, other: string][] = [
  ["an i without its dot", "mike", "m\u0131ke"],
  ["a capital I with a dot", "mike", "m\u0130ke"],
  ["a capital I with a dot put on it", "mike", "mI\u0307ke"],
  ["a sharp s and two", "stra\u00dfe", "strasse"],
  ["a capital sharp s and two", "STRA\u1e9eE", "strasse"],
  ["a final sigma", "\u03c3\u03b1\u03c2", "\u03c3\u03b1\u03c3"],
  ["an accent", "jose", "jos\u00e9"],
  ["a stroke", "soren", "s\u00f8ren"],
  ["a long s", "sam", "\u017fam"],
  ["a Cyrillic letter", "ada", "\u0430da"],
  ["a Greek letter", "ovo", "\u03bfv\u03bf"],
  ["a full-width letter", "ada", "\uff41da"],
  ["a full-width @", "ada@b", "ada\uff20b"],
  ["a ligature", "file", "\ufb01le"],
  ["an invisible letter", "ada", "a\u200bda"],
  ["a soft hyphen", "ada", "a\u00adda"],
  ["a mark of direction", "ada", "ada\u200f"],
  ["Katakana for Hiragana", "\u30ab", "\u304b"],
  ["another emoji", "\u{1f600}", "\u{1f601}"],
];

describe.each(DIFFERENT)("%s", (_, one, other) => {
  it("AU-8: makes two different user names", async () => {
    const end = own();
    const [first, second] = [await add(one + end), await add(other + end)];
    expect(await whoIs(one + end)).toBe(first.id);
    expect(await whoIs(other + end)).toBe(second.id);
  });

  it("AU-8: makes two different emails", async () => {
    const [oneMail, otherMail] = [one, other].map((part) => part.replace("@", "-"));
    const end = `${own()}@example.com`;
    const [first, second] = [await add(own(), oneMail + end), await add(own(), otherMail + end)];
    expect(await whoIs(oneMail + end)).toBe(first.id);
    expect(await whoIs(otherMail + end)).toBe(second.id);
  });

  it("AU-8: does not find the one by the other", async () => {
    const end = own();
    await add(one + end);
    expect(await whoIs(other + end)).toBe(null);
  });
});

const SAME: [words: string, one: string, other: string][] = [
  ["letter case", "Ada", "aDA"],
  ["letter case of other alphabets", "\u0416\u00c9\u03a9", "\u0436\u00e9\u03c9"],
  ["a mark put on and a letter that has it", "jos\u00e9", "jose\u0301"],
  ["marks in another order", "a\u0323\u0307", "a\u0307\u0323"],
  ["the sign for kelvin and a K", "\u212aim", "kim"],
  ["the sign for ohm and an omega", "\u2126", "\u03c9"],
  ["a dotted capital I and itself", "\u0130z", "i\u0307z"],
  ["a blank around", "ada", " ada\t"],
];

describe.each(SAME)("%s", (_, one, other) => {
  it("AU-8: is the same user, who signs in by either", async () => {
    const name = own();
    // The end stands behind a letter, so that blanks around stay around.
    const [first, second] = [one, other].map((part) => part.replace(/\S+/u, `$&${name}`));
    const { id } = await add(first ?? "");
    expect(await whoIs(second ?? "")).toBe(id);
    await expect(add(second ?? "")).rejects.toThrow("duplicate_user");
  });
});

describe("where somebody converted the table to latin1", () => {
  const convertTo = (letters: string) =>
    change(`ALTER TABLE users CONVERT TO CHARACTER SET ${letters}`);
  const bee = "\u{1f41d}";

  it("letters that it does not have are told from any other fault, kept or looked for", async () => {
    // Those of the other tests have names that it could not take.
    await change("DELETE FROM users");
    await convertTo("latin1");
    try {
      expect(await whoIs(bee)).toBeNull();
      for (const work of [() => add(bee), () => searchUsers(bee, { limit: 1 })])
        expect(isUnstorableText(await work().catch((error: unknown) => error))).toBe(true);
      const { username } = await add(`zo\u00eb${own()}`);
      expect(await whoIs(username)).not.toBeNull();
    } finally {
      await convertTo("utf8mb4 COLLATE utf8mb4_bin");
    }
  });
});

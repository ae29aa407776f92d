import { createHmac } from "node:crypto";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { authHashOf, fitsPassword } from "@/lib/django/auth-hash";
import { LONGEST_TEXT, readSessionText, writeSessionText } from "@/lib/django/session-text";
import { saltedHmac } from "@/lib/django/signing";
import { RECORDED } from "../../support/django-rows";

const SALT = "django.contrib.sessions.SessionStore";
const TEAM_SALT = "django.contrib.sessions.TeamStore";
const SECRET = "a-secret-key-of-this-test-0123456789";
const KEYS = { secrets: [SECRET], salt: SALT };
const NOW = new Date("2026-11-23T08:00:00Z");

const READ_BY_OUR_OWN = ["plain", "long", "before 3.1", "sha1"];
const cases = RECORDED.flatMap(({ version, keys, password, rows }) =>
  Object.entries(rows).map(([kind, text]) => ({ version, kind, text, keys, password })),
);
const ofKind = (...kinds: string[]) => cases.filter(({ kind }) => kinds.includes(kind));

/** A text as Django would sign these bytes. */
function signed(value: string, secret = SECRET): string {
  const text = `${value}:1vNV9k`;
  const key = { salt: `${SALT}signer`, secret, digest: "sha256" } as const;
  return `${text}:${saltedHmac(key, text).toString("base64url")}`;
}

/** In how many milliseconds something is done. */
function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

describe("readSessionText", () => {
  it.each(ofKind(...READ_BY_OUR_OWN))("DJ-1: reads what Django $version wrote: $kind", (made) => {
    const session = readSessionText(made.text, { secrets: made.keys.slice(0, 1), salt: SALT });
    expect(session?.userId).toBe("42");
    expect(fitsPassword(session?.authHash ?? "", made.password, made.keys.slice(0, 1))).toBe(true);
  });

  it.each(ofKind("subclassed", "before 3.1, subclassed"))(
    "reads what a store of its own wrote in Django $version, by its salt alone: $kind",
    ({ text, keys }) => {
      expect(readSessionText(text, { secrets: keys, salt: TEAM_SALT })?.userId).toBe("42");
      expect(readSessionText(text, { secrets: keys, salt: SALT })).toBeNull();
    },
  );

  it.each(ofKind("old key"))("reads what Django $version signed with an earlier key", (made) => {
    const { text, keys, password } = made;
    const session = readSessionText(text, { secrets: keys, salt: SALT });
    expect(fitsPassword(session?.authHash ?? "", password, keys)).toBe(true);
    expect(readSessionText(text, { secrets: keys.slice(0, 1), salt: SALT })).toBeNull();
  });

  it.each(ofKind("anonymous"))("is null where nobody is signed in, in Django $version", (made) => {
    expect(readSessionText(made.text, { secrets: made.keys, salt: SALT })).toBeNull();
  });

  it.each(ofKind("pickle"))(
    "DJ-2: refuses a pickle of Django $version, signed as it is",
    (made) => {
      expect(readSessionText(made.text, { secrets: made.keys, salt: SALT })).toBeNull();
    },
  );

  it.each(ofKind(...READ_BY_OUR_OWN))(
    "DJ-2: refuses what was signed with no key of ours, in Django $version: $kind",
    ({ text }) => {
      expect(readSessionText(text, { secrets: ["another-key"], salt: SALT })).toBeNull();
    },
  );

  it.each(ofKind("plain", "before 3.1"))(
    "DJ-2: refuses what was changed anywhere, in Django $version: $kind",
    ({ text, keys }) => {
      for (const [place, letter] of [...text].entries()) {
        // The last letter of a base64 text has bits that count for nothing.
        if (place === text.length - 1 || letter === "=") continue;
        const other = letter === "A" ? "B" : "A";
        const changed = text.slice(0, place) + other + text.slice(place + 1);
        const session = readSessionText(changed, { secrets: keys, salt: SALT });
        // A hexadecimal letter may stand for the same in the other case.
        if (session) expect(session).toEqual(readSessionText(text, { secrets: keys, salt: SALT }));
      }
    },
  );

  it.each(["", ":", "::", ".", "a:b", "a:b:c", ":::::", "\0", "e30=", "💥:💥:💥"])(
    "refuses %j",
    (text) => expect(readSessionText(text, KEYS)).toBeNull(),
  );

  it("refuses content that is signed and names nobody", () => {
    const texts = ["[]", "null", "1", '{"_auth_user_id":"1"}', '{"_auth_user_hash":"00"}', "{"].map(
      (json) => signed(Buffer.from(json).toString("base64url")),
    );
    expect(texts.map((text) => readSessionText(text, KEYS))).toEqual(texts.map(() => null));
  });

  it("DJ-6: refuses a zip bomb in 50 ms", () => {
    const bomb = signed(`.${deflateSync(Buffer.alloc(200_000_000, " ")).toString("base64url")}`);
    expect(bomb.length).toBeGreaterThan(LONGEST_TEXT / 2);
    for (const text of [bomb, bomb.slice(0, LONGEST_TEXT), smallBomb()])
      expect(timed(() => expect(readSessionText(text, KEYS)).toBeNull())).toBeLessThan(50);
  });

  it("DJ-6: refuses a row of 1 MB in 50 ms", () => {
    const json = JSON.stringify({ _auth_user_id: "1", _auth_user_hash: "0".repeat(1_000_000) });
    const text = signed(Buffer.from(json).toString("base64url"));
    expect(timed(() => expect(readSessionText(text, KEYS)).toBeNull())).toBeLessThan(50);
  });

  function smallBomb(): string {
    const zipped = deflateSync(Buffer.alloc(100_000_000, " "));
    const text = signed(`.${zipped.toString("base64url")}`);
    expect(text.length).toBeLessThan(LONGEST_TEXT);
    return text;
  }
});

describe("writeSessionText", () => {
  const content = { _auth_user_id: "7", _auth_user_hash: "ab", name: "Zoë 🔑" };

  it("writes what it reads, with the newest key", () => {
    const text = writeSessionText(content, { secrets: [SECRET, "older"], salt: SALT }, NOW);
    expect(readSessionText(text, KEYS)).toEqual({ userId: "7", authHash: "ab" });
  });

  it("packs what is longer packed, as Django does", () => {
    const long = { ...content, basket: "x".repeat(1000) };
    const text = writeSessionText(long, KEYS, NOW);
    expect(text).toMatch(/^\./);
    expect(readSessionText(text, KEYS)?.userId).toBe("7");
  });
});

describe("fitsPassword", () => {
  it.each(RECORDED)("DJ-2: refuses a password that was changed since, in $version", (made) => {
    const { rows, keys, password } = made;
    const session = readSessionText(rows.plain ?? "", { secrets: keys, salt: SALT });
    expect(fitsPassword(session?.authHash ?? "", password, keys)).toBe(true);
    expect(fitsPassword(session?.authHash ?? "", `${password}x`, keys)).toBe(false);
  });

  it.each(RECORDED)("tries every key, as with what $version wrote with an earlier one", (made) => {
    const { rows, keys, password } = made;
    const hash = rows["old key's hash"] ?? "";
    expect(fitsPassword(hash, password, keys)).toBe(true);
    expect(fitsPassword(hash, password, keys.slice(0, 1))).toBe(false);
  });

  it.each(["", "00", "x", createHmac("sha256", "k").digest("hex")])("refuses %j", (hash) => {
    expect(fitsPassword(hash, "a stored password", [SECRET])).toBe(false);
  });

  it("takes what it made", () => {
    expect(fitsPassword(authHashOf("stored", SECRET), "stored", ["other", SECRET])).toBe(true);
  });
});

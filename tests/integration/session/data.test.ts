import { describe, expect, it } from "vitest";
import { endSessionById } from "@/lib/session/end";
import { resumeSession } from "@/lib/session/resume";
import { newSessionId } from "@/lib/session/token";
import { type SessionDataChanges, UnfitSessionData, writeSessionData } from "@/lib/session/write";
import { statementsDuring } from "../../support/asked-statements";
import { loggedDuring } from "../../support/logged";
import { rowOf, type SignedIn, setColumn, signedIn } from "../../support/signed-in";
import { idBytes, number } from "../../support/sql";

const LARGEST_BYTES = 64 * 1024;

/** What the next request would see. */
async function dataOf({ token }: SignedIn): Promise<unknown> {
  const resumed = await resumeSession(token, new Date());
  return resumed.state === "live" ? resumed.session.data : resumed.state;
}
// A program without types, or with a claim about them, may hand over anything.
const write = ({ session }: SignedIn, changes: Record<string, unknown>) =>
  writeSessionData(session.id, changes as SessionDataChanges); // That is what is tested.
const nested = (levels: number): unknown =>
  levels === 0 ? "inmost" : levels % 2 ? { in: nested(levels - 1) } : [nested(levels - 1)];

describe("merging", () => {
  it("RL-5: keys that a change does not name stay as they are", async () => {
    const it = await signedIn();
    await write(it, { a: 1, b: { c: 2 } });
    await write(it, { a: "new", d: true });
    expect(await dataOf(it)).toEqual({ a: "new", b: { c: 2 }, d: true });
  });

  it("RL-5: takes one statement, however many keys it sets and removes", async () => {
    const it = await signedIn();
    await write(it, { a: 1, b: 2 });
    const changes = { a: undefined, c: 3, d: 4 };
    const asked = await statementsDuring(() => write(it, changes));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^\s*update/);
    expect(await dataOf(it)).toEqual({ b: 2, c: 3, d: 4 });
  });

  it("RL-5: 50 writers of different keys at once all survive", async () => {
    const it = await signedIn();
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const written = await Promise.all(numbers.map((n) => write(it, { [`key_${n}`]: n })));
    expect(written.every(Boolean)).toBe(true);
    expect(await dataOf(it)).toEqual(Object.fromEntries(numbers.map((n) => [`key_${n}`, n])));
  });

  it("RL-5: of many who write one key at once, one value is left whole, and nobody fails", async () => {
    const it = await signedIn();
    const values = Array.from({ length: 20 }, (_, n) => ({ writer: n, text: "x".repeat(n * 100) }));
    await Promise.all(values.map((value) => write(it, { same: value })));
    const { same } = Object(await dataOf(it));
    expect(values).toContainEqual(same);
  });

  it("RL-5: of two who write one key after each other the last one wins", async () => {
    const it = await signedIn();
    await write(it, { same: { first: 1 } });
    await write(it, { same: { last: 2 } });
    expect(await dataOf(it)).toEqual({ same: { last: 2 } });
  });

  it("a removed key is gone, and removing what is not there is no fault", async () => {
    const it = await signedIn();
    await write(it, { a: 1, b: null });
    expect(await write(it, { a: undefined, never: undefined })).toBe(true);
    expect(await dataOf(it)).toEqual({ b: null });
  });

  it("no change at all asks nothing of the database", async () => {
    const it = await signedIn();
    expect(await statementsDuring(() => write(it, {}))).toEqual([]);
  });

  it("writing what is there already is a success", async () => {
    const it = await signedIn();
    await write(it, { a: 1 });
    expect(await write(it, { a: 1 })).toBe(true);
  });

  it("data is no activity: the times stay as they are", async () => {
    const it = await signedIn();
    const before = await rowOf(it.session.id);
    await write(it, { a: 1 });
    expect(await rowOf(it.session.id)).toEqual({ ...before, data: { a: 1 } });
  });
});

describe("values", () => {
  it.each<[string, unknown]>([
    ["emoji and other 4-byte letters", "👩‍👩‍👧‍👦 𝒳 𠜎 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["quotes", `'single' "double" \`tick\` ''`],
    ["backslashes", "\\ \\\\ \\n \\u0041 C:\\temp\\"],
    ["control letters", "\u0000\u0001\b\t\n\r\u001f\u007f\u2028"],
    ["what looks like SQL", "'); DROP TABLE sessions; -- ? :id %s"],
    ["what looks like a path", "$.a[0] $**.b"],
    ["what looks like JSON", '{"a":[1,null]}'],
    ["writing from right to left, and accents", "שלום é é"],
    ["null", null],
    ["false", false],
    ["true", true],
    ["zero", 0],
    ["an empty string", ""],
    ["an empty object", {}],
    ["an empty list", []],
    ["small, large and broken numbers", [-1, 0.1, 1e-7, 1.7976931348623157e308, 2 ** 53]],
    ["keys of any kind below the first level", { "": 1, "a b": 2, "ü.$[0]": 3, '"': 4, "\\": 5 }],
    ["a list of everything", [null, false, 0, "", [[]], { a: [{}] }]],
    ["20 levels", nested(20)],
  ])("RL-5: %s comes back as it went", async (_, value) => {
    const it = await signedIn();
    expect(await write(it, { other: 1, value })).toBe(true);
    expect(await dataOf(it)).toStrictEqual({ other: 1, value });
    // Once more over what is there, which is another path in the server.
    await write(it, { value });
    expect(await dataOf(it)).toStrictEqual({ other: 1, value });
  });

  it.each<[string, unknown]>([
    ["a Date", new Date(0)],
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["a bigint", 1n],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a Map", new Map([["a", 1]])],
    ["a Buffer", Buffer.from("a")],
    ["undefined within", { a: undefined }],
    ["a Date within", [{ at: new Date(0) }]],
    ["half of an emoji", "👍".slice(0, 1)],
    ["half of an emoji within", { list: ["👍".slice(1)] }],
    ["half of an emoji as a key within", { ["👍".slice(1)]: 1 }],
  ])("RL-5: %s is refused, with the key named", async (_, value) => {
    const it = await signedIn();
    await write(it, { kept: 1 });
    const failure = await failureOf(() => write(it, { fine: 1, wrong: value }));
    expect(failure).toBeInstanceOf(UnfitSessionData);
    expect(failure?.message).toContain("wrong");
    expect(failure?.message).not.toContain("fine");
    expect(await dataOf(it)).toEqual({ kept: 1 });
  });

  it.each(["", "a b", "a.b", "a[0]", "a-b", "1a", "ü", '"', "$", "*", "a'b", "x".repeat(65)])(
    "RL-5: the key %j is refused, set or removed",
    async (key) => {
      const it = await signedIn();
      await write(it, { a: { b: 1 } });
      for (const value of [1, undefined]) {
        const failure = await failureOf(() => write(it, { [key]: value }));
        expect(failure).toBeInstanceOf(UnfitSessionData);
        expect(failure?.message).toContain(key);
      }
      expect(await dataOf(it)).toEqual({ a: { b: 1 } });
    },
  );

  it.each(["a", "_", "Z9", "constructor", "toString", "length", "x".repeat(64)])(
    "RL-5: the key %j is as good as any",
    async (key) => {
      const it = await signedIn();
      await write(it, { [key]: 1 });
      expect(await dataOf(it)).toEqual({ [key]: 1 });
      await write(it, { [key]: undefined });
      expect(await dataOf(it)).toEqual({});
    },
  );

  it("RL-5: nesting is taken to 23 levels below a key, and refused beyond", async () => {
    const it = await signedIn();
    await write(it, { deep: nested(23) });
    expect(await dataOf(it)).toEqual({ deep: nested(23) });
    expect(await failureOf(() => write(it, { deep: nested(24) }))).toBeInstanceOf(UnfitSessionData);
  });

  it("RL-5: nesting without an end is refused like any that is too deep", async () => {
    const it = await signedIn();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const failure = await failureOf(() => write(it, { circle }));
    expect(failure).toBeInstanceOf(UnfitSessionData);
  });
});

describe("64 KiB", () => {
  it("RL-5: data of exactly so many bytes is kept, one byte more is refused", async () => {
    const it = await signedIn();
    await write(it, { big: "" });
    const rest = LARGEST_BYTES - (await storedBytes(it));
    expect(await write(it, { big: "x".repeat(rest) })).toBe(true);
    expect(await storedBytes(it)).toBe(LARGEST_BYTES);
    const failure = await failureOf(() => write(it, { big: "y".repeat(rest + 1) }));
    expect(failure).toBeInstanceOf(UnfitSessionData);
    expect(failure?.message).toContain("65536");
    expect(await dataOf(it)).toEqual({ big: "x".repeat(rest) });
  });

  it("RL-5: bytes count, not letters", async () => {
    const it = await signedIn();
    const failure = await failureOf(() => write(it, { big: "é".repeat(LARGEST_BYTES / 2) }));
    expect(failure).toBeInstanceOf(UnfitSessionData);
    expect(await write(it, { big: "é".repeat(LARGEST_BYTES / 2 - 100) })).toBe(true);
  });

  it("RL-5: what is there already counts, and making room helps in the same change", async () => {
    const it = await signedIn();
    await write(it, { one: "x".repeat(40_000) });
    const two = "y".repeat(40_000);
    expect(await failureOf(() => write(it, { two }))).toBeInstanceOf(UnfitSessionData);
    expect(await write(it, { two, one: undefined })).toBe(true);
    expect(await dataOf(it)).toEqual({ two });
  });
});

describe("a session that is over", () => {
  it("TE-11: a late write is quietly refused and revives nothing", async () => {
    const it = await signedIn();
    await write(it, { a: 1 });
    await endSessionById({ id: it.session.id, reason: "revoked" }, new Date());
    const ended = await rowOf(it.session.id);
    expect(await write(it, { a: 2, b: 3 })).toBe(false);
    expect(await rowOf(it.session.id)).toEqual(ended);
    expect(await dataOf(it)).toBe("over");
  });

  it("TE-11: too much data for one that is over is as quiet", async () => {
    const it = await signedIn();
    await endSessionById({ id: it.session.id, reason: "revoked" }, new Date());
    expect(await write(it, { big: "x".repeat(LARGEST_BYTES) })).toBe(false);
  });

  it("SID-3: data for an id that nobody has makes no session", async () => {
    const id = newSessionId(new Date());
    expect(await writeSessionData(id, { a: 1 })).toBe(false);
    expect(await rowOf(id)).toBeUndefined();
  });
});

describe("data that somebody wrote past the schema", () => {
  it.each(["[1,2]", '"text"', "null", "7", '{"not a word": 1}'])(
    "%s reads as none, is reported, and signs nobody out",
    async (broken) => {
      const it = await signedIn();
      await setColumn(it.session.id, "data", broken);
      const logged = await loggedDuring(async () => expect(await dataOf(it)).toEqual({}));
      expect(logged).toHaveLength(1);
      expect(logged[0]).toMatchObject({ level: 40, sessionId: it.session.id });
      expect(logged[0]).not.toHaveProperty("data");
    },
  );

  it.each(["[1,2]", '"text"', "null", "7"])("%s gives way to the next write", async (broken) => {
    const it = await signedIn();
    await setColumn(it.session.id, "data", broken);
    expect(await write(it, { a: 1 })).toBe(true);
    expect(await dataOf(it)).toEqual({ a: 1 });
  });
});

async function failureOf(work: () => Promise<unknown>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : null;
  }
}

/** As the server counts them: MySQL writes blanks between the members. */
function storedBytes({ session }: SignedIn): Promise<number> {
  return number("SELECT LENGTH(data) FROM sessions WHERE id = ?", [idBytes(session.id)]);
}

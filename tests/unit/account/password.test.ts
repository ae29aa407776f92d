import { availableParallelism } from "node:os";
import { truncates } from "bcryptjs";
import { afterAll, describe, expect, it } from "vitest";
import {
  generatePassword,
  hashPassword,
  isOutdatedHash,
  mayBeGenerated,
  verifyPassword,
} from "@/lib/auth/password";
import { bcryptComparison } from "@/lib/auth/password-formats";
import { passwordLength } from "@/lib/auth/password-length";
import {
  BUSY,
  closeHashingThreads,
  compareInThread,
  hashInThread,
} from "@/lib/auth/password-threads";
import { isRefused } from "@/lib/refused";
import { given } from "../../support/given";
import { underSettings } from "../../support/under-settings";

/** Whether a password fits a hash. */
const fits = async (password: string, stored: string | null) =>
  (await given(verifyPassword(password, stored))).fits;

// Of "correct horse battery staple", at cost 4 so that comparing takes a millisecond.
const PASSWORD = "correct horse battery staple";
const QUICK = "gatehouse1$2b$04$zWB2bm6VIw4ZCZqXTtedZeMSmWLj3r0uxPpiIrcXZZijX4nz34I16";

afterAll(closeHashingThreads);

const atCost = (cost: string) =>
  underSettings({ PASSWORD_HASH_COST: cost }, () => import("@/lib/auth/password"));

describe("hashPassword", () => {
  it("PW-8: is bcrypt at cost 12, behind a mark that says how it was made", async () => {
    const { hashPassword } = await atCost("");
    expect(await given(hashPassword(PASSWORD))).toMatch(/^gatehouse1\$2b\$12\$[./A-Za-z0-9]{53}$/);
  });

  it("PW-8: has the cost that is set", async () => {
    const { hashPassword } = await atCost("5");
    expect(await given(hashPassword(PASSWORD))).toMatch(/^gatehouse1\$2b\$05\$/);
  });

  it("PW-8: two hashes of one password differ, and both fit it", async () => {
    const [one, other] = await Promise.all([1, 2].map(() => given(hashPassword("a"))));
    expect(one).not.toBe(other);
    expect(await fits("a", one ?? "")).toBe(true);
    expect(await fits("a", other ?? "")).toBe(true);
  });

  it("PW-2: of two passwords that are equal in 72 bytes and differ at the 73rd, one fits", async () => {
    const start = "x".repeat(72);
    expect(truncates(`${start}a`)).toBe(true);
    const hash = await given(hashPassword(`${start}a`));
    expect(await fits(`${start}a`, hash)).toBe(true);
    expect(await fits(`${start}b`, hash)).toBe(false);
    expect(await fits(start, hash)).toBe(false);
  });

  it("PW-2: what follows a NUL counts", async () => {
    const hash = await given(hashPassword("before\0after"));
    expect(await fits("before\0after", hash)).toBe(true);
    expect(await fits("before\0other", hash)).toBe(false);
    expect(await fits("before", hash)).toBe(false);
  });

  it("PW-3: NFC and NFD of the same letters fit one another", async () => {
    const composed = "Café-Ångström";
    const hash = await given(hashPassword(composed.normalize("NFD")));
    expect(await fits(composed.normalize("NFC"), hash)).toBe(true);
  });

  it("PW-3: look-alikes of compatibility forms are other letters", async () => {
    const hash = await given(hashPassword("ﬁne ①"));
    expect(await fits("fine 1", hash)).toBe(false);
  });
});

describe("verifyPassword", () => {
  it("PW-3: takes a password exactly as typed", async () => {
    expect(await fits(PASSWORD, QUICK)).toBe(true);
    const others = [
      ` ${PASSWORD}`,
      `${PASSWORD} `,
      `${PASSWORD}\n`,
      PASSWORD.toUpperCase(),
      `C${PASSWORD.slice(1)}`,
      PASSWORD.replace(" ", "  "),
      PASSWORD.replace(" ", "\u00a0"),
      "",
    ];
    for (const other of others) expect(await fits(other, QUICK), other).toBe(false);
  });

  it.each([
    ["nothing", null],
    ["an empty text", ""],
    ["the mark alone", "gatehouse1"],
    ["a hash without the mark", QUICK.slice("gatehouse1".length)],
    ["another mark", QUICK.replace("gatehouse1", "gatehouse2")],
    ["a hash cut short", QUICK.slice(0, -1)],
    ["a hash with a newline behind it", `${QUICK}\n`],
    ["a cost that does not exist", QUICK.replace("$04$", "$99$")],
    ["a cost of half an hour", QUICK.replace("$04$", "$25$")],
    ["a cost below four", QUICK.replace("$04$", "$03$")],
    ["letters that bcrypt has not", QUICK.replace(/.{3}$/, "===")],
    ["Django's mark of an unusable password", "!abcdefghijklmnop"],
    ["the password behind the mark", `gatehouse1${PASSWORD}`],
  ])("PW-8: %s for a hash is never fitted and breaks nothing", async (_what, stored) => {
    expect(await fits(PASSWORD, stored)).toBe(false);
  });

  it("AU-1: without a usable hash the work of a real one is done, with the same answer", async () => {
    const done = () => globalThis.gatehouseHashing?.completed ?? 0;
    for (const stored of [null, "!unusable", QUICK]) {
      const before = done();
      expect(await fits("wrong", stored)).toBe(false);
      expect(done() - before, String(stored)).toBe(1);
    }
  });

  it("AU-1: a hash of a lower cost takes as long (conformance/django-auth/test_bcrypt_harden_runtime)", async () => {
    const { bcryptComparison } = await underSettings(
      { PASSWORD_HASH_COST: "12" },
      () => import("@/lib/auth/password-formats"),
    );
    const rounds = (text: string) => 2 ** Number(/\$2b\$(\d\d)\$/.exec(text)?.[1]);
    for (const cost of ["04", "10", "12"]) {
      const comparison = bcryptComparison(
        "x",
        QUICK.slice("gatehouse1".length).replace("$04$", `$${cost}$`),
      );
      if (comparison?.kind !== "bcrypt") throw new Error("that was bcrypt");
      const all = [comparison.bcrypt, ...comparison.padding].map(rounds);
      expect(
        all.reduce((sum, one) => sum + one, 0),
        cost,
      ).toBe(2 ** 12);
    }
  });

  it("AU-1: for nobody, a hash of today's cost is compared", async () => {
    const { verifyPassword } = await atCost("9");
    const begun = performance.now();
    await verifyPassword(PASSWORD, null);
    const slow = performance.now() - begun;
    // At 4 it is over in a millisecond or two.
    expect(slow).toBeGreaterThan(10);
  });
});

describe("isOutdatedHash", () => {
  it("PW-8: one of a lower cost is, one of today's or of a higher one is not", async () => {
    expect((await atCost("4")).isOutdatedHash(QUICK)).toBe(false);
    expect((await atCost("5")).isOutdatedHash(QUICK)).toBe(true);
    expect(isOutdatedHash(QUICK.replace("$04$", "$12$"))).toBe(false);
  });

  it.each(["", "!", "gatehouse1", "gatehouse0$2b$12$x", QUICK.slice("gatehouse1".length)])(
    "PW-8: %j is: it is none of ours",
    (stored) => {
      expect(isOutdatedHash(stored)).toBe(true);
    },
  );
});

describe("passwordLength", () => {
  it.each([
    ["letters", "abc", 3],
    ["an emoji as one", "😀😀", 2],
    ["composed and decomposed letters alike", "e\u0301", 1],
    ["blanks", " a ", 3],
  ])("counts %s", (_what, password, length) => {
    expect(passwordLength(password)).toBe(length);
  });
});

describe("generatePassword", () => {
  it("AU-6: is random, long enough, and easy to copy", () => {
    const made = Array.from({ length: 1000 }, generatePassword);
    expect(new Set(made).size).toBe(1000);
    for (const password of made)
      expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){4}[a-hjkmnp-z2-9]{5}$/);
  });

  it.each([30, 35, 36, 128])(
    "AU-17: has %i characters where so many are asked for",
    async (least) => {
      const { generatePassword, mayBeGenerated } = await underSettings(
        { PASSWORD_MIN_LENGTH: `${least}` },
        () => import("@/lib/auth/password"),
      );
      const made = generatePassword();
      expect(made.length).toBeGreaterThanOrEqual(least);
      expect(made.length).toBeLessThanOrEqual(256);
      expect(mayBeGenerated(made)).toBe(true);
    },
  );

  it("AU-17: is known by its form, which nothing else has", () => {
    expect(mayBeGenerated(generatePassword())).toBe(true);
    expect(mayBeGenerated(generatePassword().slice(0, -6))).toBe(false);
    expect(mayBeGenerated(`${generatePassword()}!`)).toBe(false);
    expect(mayBeGenerated("correct horse battery staple")).toBe(false);
  });
});

describe("hashing threads", () => {
  it("PW-10: the queue is bounded: what cannot wait is refused, what waits is served", async () => {
    const asked = Array.from({ length: 400 }, () => hashInThread("x", 4));
    const outcomes = await Promise.all(asked);
    const refused = outcomes.filter(isRefused);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((each) => each === BUSY)).toBe(true);
    expect(refused.length).toBeLessThan(outcomes.length);
    const comparison = bcryptComparison("x", await given(hashInThread("x", 4)));
    expect(comparison && (await compareInThread(comparison))).toEqual({ fits: true });
  });

  it("AU-16: a known browser goes ahead of all strangers, who cannot fill its places", async () => {
    const comparison = bcryptComparison("x", await given(hashInThread("x", 4)));
    if (!comparison) throw new Error("that was bcrypt");
    const order: string[] = [];
    const ask = async (who: "known" | "stranger") => {
      const isServed = !isRefused(await compareInThread(comparison, who));
      order.push(isServed ? who : `${who} refused`);
    };
    const strangers = Array.from({ length: 400 }, () => ask("stranger"));
    await Promise.all([...strangers, ask("known"), ask("known")]);
    const served = order.filter((each) => !each.endsWith("refused"));
    expect(order).toContain("stranger refused");
    expect(order).not.toContain("known refused");
    // Before them come only those whose comparison had begun: one for each thread.
    const ahead = served.lastIndexOf("known") - 1;
    expect(ahead).toBeLessThanOrEqual(Math.max(availableParallelism() - 1, 1));
  });

  it("PW-10: the event loop goes on while a password is hashed at full cost", async () => {
    let turns = 0;
    let isHashing = true;
    const count = () => {
      turns += 1;
      if (isHashing) setImmediate(count);
    };
    const { hashPassword } = await atCost("12");
    setImmediate(count);
    await given(hashPassword(PASSWORD));
    isHashing = false;
    // In this thread bcryptjs would let in two or three.
    expect(turns).toBeGreaterThan(100);
  });
});

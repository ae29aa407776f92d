import { truncates } from "bcryptjs";
import { afterAll, describe, expect, it } from "vitest";
import {
  closeHashingThreads,
  compareInThread,
  HashingBusy,
  hashInThread,
} from "@/lib/account/hashing-threads";
import {
  generatePassword,
  hashPassword,
  passwordLength,
  verifyPassword,
} from "@/lib/account/password";

// Of "correct horse battery staple", at cost 4 so that comparing takes a millisecond.
const PASSWORD = "correct horse battery staple";
const QUICK = "gatehouse1$2b$04$zWB2bm6VIw4ZCZqXTtedZeMSmWLj3r0uxPpiIrcXZZijX4nz34I16";

afterAll(closeHashingThreads);

describe("hashPassword", () => {
  it("PW-8: is bcrypt at cost 12, behind a mark that says how it was made", async () => {
    expect(await hashPassword(PASSWORD)).toMatch(/^gatehouse1\$2b\$12\$[./A-Za-z0-9]{53}$/);
  });

  it("PW-8: two hashes of one password differ, and both fit it", async () => {
    const [one, other] = await Promise.all([hashPassword("a"), hashPassword("a")]);
    expect(one).not.toBe(other);
    expect(await verifyPassword("a", one)).toBe(true);
    expect(await verifyPassword("a", other)).toBe(true);
  });

  it("PW-2: of two passwords that are equal in 72 bytes and differ at the 73rd, one fits", async () => {
    const start = "x".repeat(72);
    expect(truncates(`${start}a`)).toBe(true);
    const hash = await hashPassword(`${start}a`);
    expect(await verifyPassword(`${start}a`, hash)).toBe(true);
    expect(await verifyPassword(`${start}b`, hash)).toBe(false);
    expect(await verifyPassword(start, hash)).toBe(false);
  });

  it("PW-2: what follows a NUL counts", async () => {
    const hash = await hashPassword("before\0after");
    expect(await verifyPassword("before\0after", hash)).toBe(true);
    expect(await verifyPassword("before\0other", hash)).toBe(false);
    expect(await verifyPassword("before", hash)).toBe(false);
  });

  it("PW-3: NFC and NFD of the same letters fit one another", async () => {
    const composed = "Café-Ångström";
    const hash = await hashPassword(composed.normalize("NFD"));
    expect(await verifyPassword(composed.normalize("NFC"), hash)).toBe(true);
  });

  it("PW-3: look-alikes of compatibility forms are other letters", async () => {
    const hash = await hashPassword("ﬁne ①");
    expect(await verifyPassword("fine 1", hash)).toBe(false);
  });
});

describe("verifyPassword", () => {
  it("PW-3: takes a password exactly as typed", async () => {
    expect(await verifyPassword(PASSWORD, QUICK)).toBe(true);
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
    for (const other of others) expect(await verifyPassword(other, QUICK), other).toBe(false);
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
    ["a cost below four", QUICK.replace("$04$", "$03$")],
    ["letters that bcrypt has not", QUICK.replace(/.{3}$/, "===")],
    ["Django's mark of an unusable password", "!abcdefghijklmnop"],
    ["the password behind the mark", `gatehouse1${PASSWORD}`],
  ])("PW-8: %s for a hash is never fitted and breaks nothing", async (_what, stored) => {
    expect(await verifyPassword(PASSWORD, stored)).toBe(false);
  });

  it("AU-1: without a usable hash the work of a real one is done, with the same answer", async () => {
    const done = () => globalThis.gatehouseHashing?.completed ?? 0;
    for (const stored of [null, "!unusable", QUICK]) {
      const before = done();
      expect(await verifyPassword("wrong", stored)).toBe(false);
      expect(done() - before, String(stored)).toBe(1);
    }
  });
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
});

describe("hashing threads", () => {
  it("PW-10: the queue is bounded: what cannot wait is refused, what waits is served", async () => {
    const asked = Array.from({ length: 400 }, () => hashInThread("x", 4));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => reason instanceof HashingBusy)).toBe(true);
    expect(refused.length).toBeLessThan(outcomes.length);
    expect(await compareInThread("x", await hashInThread("x", 4))).toBe(true);
  });

  it("PW-10: the event loop goes on while a password is hashed at full cost", async () => {
    let turns = 0;
    let isHashing = true;
    const count = () => {
      turns += 1;
      if (isHashing) setImmediate(count);
    };
    setImmediate(count);
    await hashPassword(PASSWORD);
    isHashing = false;
    // In this thread bcryptjs would let in two or three.
    expect(turns).toBeGreaterThan(100);
  });
});

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { BroughtSecret, hashSecret, newSecret, newSessionId } from "@/lib/session/token";

const SECRETS = 10_000;
const secrets = Array.from({ length: SECRETS }, newSecret);
const decoded = secrets.map((secret) => Buffer.from(secret, "base64url"));

describe("newSecret", () => {
  it("SID-1: 10 000 secrets are all different", () => {
    expect(new Set(secrets).size).toBe(SECRETS);
  });

  it("SID-1: each is 256 bits in base64url, with nothing around them", () => {
    expect(new Set(decoded.map((bytes) => bytes.length))).toEqual(new Set([32]));
    expect(secrets.every((secret) => /^[A-Za-z0-9_-]{43}$/.test(secret))).toBe(true);
  });

  it("SID-1: they share no prefix, not even those made one after the other", () => {
    // 10 000 random ones fill 48 bits: an equal start of 8 bytes has a chance of one in 10^11.
    expect(new Set(secrets.map((secret) => secret.slice(0, 10))).size).toBe(SECRETS);
    expect(new Set(secrets.map((secret) => secret.slice(-10))).size).toBe(SECRETS);
  });

  it("SID-1: at each place, every byte is as frequent as the others (chi-square)", () => {
    for (let place = 0; place < 32; place += 1) {
      const counts = new Array<number>(256).fill(0);
      for (const bytes of decoded) counts[bytes[place] ?? 0] = (counts[bytes[place] ?? 0] ?? 0) + 1;
      // 255 degrees of freedom: 255 ± 23. A fair source passes 420 once in 10^9 tries.
      expect(chiSquare(counts), `place ${place}`).toBeLessThan(420);
    }
  });
});

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("hashSecret", () => {
  it("SID-2: is the SHA-256 of the secret's text, 32 bytes", () => {
    expect(hashSecret("abc")).toEqual(createHash("sha256").update("abc").digest());
  });
});

describe("BroughtSecret", () => {
  const fitsSecret = (hash: Buffer | null, secret: string) => new BroughtSecret(secret).fits(hash);

  it("fits the secret that the hash was made of", () => {
    expect(fitsSecret(hashSecret("abc"), "abc")).toBe(true);
  });

  it.each(["abd", "ab", "abc ", "ABC", ""])("fits no other secret: %j", (other) => {
    expect(fitsSecret(hashSecret("abc"), other)).toBe(false);
  });

  it("SID-2: the hash is not its own secret", () => {
    const hash = hashSecret("abc");
    for (const encoding of ["hex", "base64", "base64url", "latin1"] as const)
      expect(fitsSecret(hash, hash.toString(encoding))).toBe(false);
  });

  it("TE-1: a session that has ended, and so has no hash, is fitted by nothing", () => {
    expect(fitsSecret(null, "abc")).toBe(false);
    expect(fitsSecret(null, "")).toBe(false);
  });
});

describe("newSessionId", () => {
  it("is a UUIDv7 of the given time: rows go in in key order", () => {
    const now = new Date("2026-11-23T10:28:03.123Z");
    const id = newSessionId(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(now.getTime());
  });

  it("differs within one millisecond", () => {
    const now = new Date();
    expect(new Set(Array.from({ length: 1000 }, () => newSessionId(now))).size).toBe(1000);
  });
});

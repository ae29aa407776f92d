import { basename } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isOutdatedHash, isUsableHash, verifyPassword } from "@/lib/auth/password";
import { legacyComparison } from "@/lib/auth/password-formats";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { settings } from "@/lib/env";
import {
  DJANGO_FILES,
  hashesOfDjango,
  hashesOfPhp,
  FOREIGN_PASSWORD as PASSWORD,
} from "../../support/foreign-hashes";
import { given } from "../../support/given";

/** Whether a password fits a hash. */
const fits = async (password: string, stored: string) =>
  (await given(verifyPassword(password, stored))).fits;

afterAll(closeHashingThreads);

const KINDS = ["pbkdf2_sha256", "pbkdf2_sha1", "bcrypt_sha256", "bcrypt", "argon2", "scrypt"];
const django = DJANGO_FILES.flatMap((file) => {
  const hashes = hashesOfDjango(file);
  return [...KINDS, "defaults"]
    .filter((kind) => hashes[kind])
    .map((kind) => ({ what: `${kind} of ${basename(file)}`, hash: hashes[kind] ?? "" }));
});
const php = Object.entries(hashesOfPhp()).map(([kind, hash]) => ({ what: `PHP's ${kind}`, hash }));
const [newest = ""] = DJANGO_FILES;
const made = hashesOfDjango(newest);
const { bcrypt = "", argon2 = "", scrypt = "", pbkdf2_sha256 = "", pbkdf2_sha1 = "" } = made;
const bare = { what: "bare $2b$", hash: bcrypt.slice("bcrypt$".length) };

// Django's names: test_pbkdf2, test_bcrypt_sha256, test_bcrypt, test_argon2, test_scrypt.
describe("PW-9: a hash that another system made", () => {
  it.each([...django, ...php, bare])("$what fits its password and no other", async ({ hash }) => {
    expect(await fits(PASSWORD, hash)).toBe(true);
    for (const other of ["", `${PASSWORD} `, PASSWORD.toUpperCase(), hash])
      expect(await fits(other, hash), other).toBe(false);
  });

  it.each([
    ["argon2i of its first version", "$argon2i$v=16$m=512,t=2,p=2$", "tNd/S5FUXgSxtjrcm63QbA"],
    ["argon2i that tells no version", "$argon2i$m=512,t=2,p=2$", "tNd/S5FUXgSxtjrcm63QbA"],
    ["argon2d", "$argon2d$v=19$m=512,t=2,p=2$", "GNCv0zIn4jUV5j0ocRX1sw"],
  ])(
    "%s fits its password and no other, with Django's mark and without",
    async (_what, start, key) => {
      const hash = `${start}c2FsdHNhbHRzYWx0$${key}`;
      for (const stored of [hash, `argon2${hash}`]) {
        expect(await fits("pw", stored)).toBe(true);
        expect(await fits("px", stored)).toBe(false);
      }
    },
  );

  it("each kind is among them", () => {
    expect(django).toHaveLength(7 + 6);
    expect(php).toHaveLength(6);
  });

  it("is compared with what was typed, in no normal form, as where it was made", async () => {
    expect(await fits(PASSWORD.normalize("NFD"), pbkdf2_sha256)).toBe(false);
  });

  it("conformance/django-auth/test_bcrypt_sha256: every byte of a long password counts", async () => {
    const long = PASSWORD.repeat(5);
    expect(Buffer.byteLength(long)).toBeGreaterThan(72);
    expect(await fits(long, made.long ?? "")).toBe(true);
    expect(await fits(`${long.slice(0, -2)}x`, made.long ?? "")).toBe(false);
  });

  it("AU-14: does the work of a hash of ours at least, besides its own where it is no bcrypt", () => {
    const rounds = (text: string) => 2 ** Number(/\$2[aby]\$(\d\d)\$/.exec(text)?.[1]);
    for (const { what, hash } of [...django, ...php, bare]) {
      const comparison = legacyComparison("wrong", hash);
      const own = comparison?.kind === "bcrypt" ? [comparison.bcrypt] : [];
      const all = [...own, ...(comparison?.padding ?? [])].map(rounds);
      const work = all.reduce((sum, one) => sum + one, 0);
      expect(work, what).toBeGreaterThanOrEqual(2 ** settings().PASSWORD_HASH_COST);
    }
  });

  it("is to be made anew at sign-in", () => {
    for (const { what, hash } of [...django, ...php, bare]) {
      expect(isUsableHash(hash), what).toBe(true);
      expect(isOutdatedHash(hash), what).toBe(true);
    }
  });
});

// Django's names: test_unusable, test_unspecified_password, test_bad_algorithm, test_bad_encoded.
describe("PW-9: a hash that is broken, unusable, unknown or too costly", () => {
  it.each([
    ["unusable (Django)", made.unusable ?? ""],
    ["a single !", "!"],
    ["empty", ""],
    ["locked", "*"],
    ["the password itself", PASSWORD],
    ["unknown", "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99"],
    ["unknown to us", "pbkdf2_sha512$1000$salt$aGVsbG8="],
    ["PBKDF2 without its parts", "pbkdf2_sha256$"],
    ["PBKDF2 of no iterations", pbkdf2_sha256.replace("$1000$", "$0$")],
    ["PBKDF2 of iterations below none", pbkdf2_sha256.replace("$1000$", "$-1$")],
    ["PBKDF2 of iterations in words", pbkdf2_sha256.replace("$1000$", "$many$")],
    ["PBKDF2 of six million and one", pbkdf2_sha256.replace("$1000$", "$6000001$")],
    ["PBKDF2 of endless iterations", pbkdf2_sha256.replace("$1000$", `$${"9".repeat(40)}$`)],
    ["PBKDF2 without its salt", pbkdf2_sha256.replace(/\$1000\$[^$]+/, "$1000$")],
    ["PBKDF2 cut short", pbkdf2_sha256.slice(0, -5)],
    ["PBKDF2 without a key", pbkdf2_sha256.slice(0, pbkdf2_sha256.lastIndexOf("$") + 1)],
    ["PBKDF2 with another's key", pbkdf2_sha1.replace("sha1", "sha256")],
    ["PBKDF2 with a part too many", `${pbkdf2_sha256}$x`],
    ["PBKDF2 with a newline", `${pbkdf2_sha256}\n`],
    ["bcrypt cut short", bcrypt.slice(0, -1)],
    ["bcrypt of a cost below four", bcrypt.replace("$04$", "$03$")],
    ["bcrypt of 17", bcrypt.replace("$04$", "$17$")],
    ["bcrypt of 31", bare.hash.replace("$04$", "$31$")],
    ["bcrypt of the kind with a fault", bare.hash.replace("$2b$", "$2x$")],
    ["bcrypt with a mark alone", "bcrypt$"],
    ["bcrypt_sha256 with a mark alone", "bcrypt_sha256$$2b$12$"],
    ["scrypt of a cost that is no power of two", scrypt.replace("$256$", "$255$")],
    ["scrypt of cost one", scrypt.replace("$256$", "$1$")],
    ["scrypt of 128 MiB", scrypt.replace("$256$", "$131072$")],
    ["scrypt of 99 times 99", scrypt.replace("$256$", "$65536$").replace("$8$5$", "$99$99$")],
    ["scrypt of no blocks", scrypt.replace("$8$5$", "$0$5$")],
    ["scrypt cut short", scrypt.slice(0, -3)],
    ["scrypt without its parts", "scrypt$16384"],
    ["argon2 of 1 GiB", argon2.replace("m=256", "m=1048576")],
    ["argon2 of 100 MiB, written a thousand times", argon2.replace("m=256,t=1", "m=102400,t=999")],
    ["argon2 of no passes", argon2.replace("t=1", "t=0")],
    ["argon2 of 99 lanes", argon2.replace("m=256,t=1,p=4", "m=1024,t=1,p=99")],
    ["argon2 of too little memory", argon2.replace("m=256", "m=8")],
    ["argon2 of another version", argon2.replace("v=19", "v=18")],
    ["argon2 of another kind", argon2.replace("argon2id", "argon2x")],
    ["argon2 cut short", argon2.slice(0, -30)],
    ["argon2 with a key that is no base64", argon2.replace(/.{5}$/, "=====")],
    ["argon2 with a mark alone", "argon2$"],
    ["longer than any", "x".repeat(100_000)],
    ["NULs", "\0\0\0"],
  ])("%s fits nothing, and costs what a comparison for nobody costs", async (_what, stored) => {
    expect(isUsableHash(stored)).toBe(false);
    const before = globalThis.gatehouseHashing?.completed ?? 0;
    for (const password of [PASSWORD, ""]) expect(await fits(password, stored)).toBe(false);
    expect((globalThis.gatehouseHashing?.completed ?? 0) - before).toBe(2);
  });

  it("argon2 that looks right, and that its own package cannot read, fits nothing", async () => {
    const unreadable = `${argon2}AA`;
    expect(isUsableHash(unreadable)).toBe(true);
    expect(await fits(PASSWORD, unreadable)).toBe(false);
  });

  it("of whatever letters, breaks nothing", async () => {
    const letters = "$=,+/.!*09azAZ é\0\n";
    const quick = KINDS.map((kind) => made[kind] ?? "");
    for (let n = 0; n < 300; n += 1) {
      const hash = quick[n % quick.length] ?? "";
      const [at, letter] = [(n * 31) % hash.length, letters[n % letters.length]];
      const changed = hash.slice(0, at) + letter + hash.slice(at + 1);
      expect(await fits("another password", changed), changed).toBe(false);
    }
  });
});

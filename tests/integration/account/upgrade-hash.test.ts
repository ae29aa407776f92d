import { afterAll, describe, expect, it } from "vitest";
import { proveByName } from "@/lib/auth/methods";
import { hashPassword, upgradeHash } from "@/lib/auth/password";
import { closeHashingThreads, hashInThread } from "@/lib/auth/password-threads";
import { startSession } from "@/lib/session/lifecycle";
import { ESTABLISHED, newUser, type TestUser } from "@/tests/helpers/people";
import {
  DJANGO_FILES,
  hashesOfDjango,
  hashesOfPhp,
  FOREIGN_PASSWORD as PASSWORD,
} from "../../support/foreign-hashes";
import { given, unlessWrong } from "../../support/given";
import { byPassword, CLIENT, DEVICE, METHODS } from "../../support/signed-in";
import { change, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

afterAll(closeHashingThreads);

const [newest = ""] = DJANGO_FILES;
const django = hashesOfDjango(newest);
const OLD = django.pbkdf2_sha256 ?? "";
const OURS = /^gatehouse1\$2b\$04\$/;

const verify = (user: TestUser, password = PASSWORD) =>
  unlessWrong(
    proveByName({ identifier: user.username, ...byPassword(password) }, CLIENT, new Date()),
  );
const write = (id: number, hash: string) =>
  change("UPDATE users SET password_hash = ? WHERE id = ?", [hash, id]);
const hashOf = async (id: number): Promise<string> => {
  const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [id]);
  return String(row?.password_hash);
};

async function userWith(hash: string): Promise<TestUser> {
  const user = await newUser();
  await write(user.id, hash);
  return user;
}

// Django's names for the first: test_pbkdf2_upgrade, test_scrypt_upgrade, test_argon2_upgrade.
describe("at a sign-in with the right password", () => {
  it.each([
    ...["pbkdf2_sha256", "pbkdf2_sha1", "bcrypt_sha256", "bcrypt", "scrypt", "argon2"].map(
      (kind) => [`Django's ${kind}`, django[kind] ?? ""],
    ),
    ...Object.entries(hashesOfPhp()).map(([kind, hash]) => [`PHP's ${kind}`, hash]),
  ])("PW-9: %s is hashed anew, and the new one lets in", async (_kind, hash) => {
    const user = await userWith(hash);
    const verified = await verify(user);
    const fresh = await hashOf(user.id);
    expect(fresh).toMatch(OURS);
    expect(verified?.passwordHash).toBe(fresh);
    expect(await verify(user)).toMatchObject({ passwordHash: fresh });
    expect(await verify(user, `${PASSWORD}x`)).toBeNull();
  });

  it("PW-9: the session of that very sign-in starts", async () => {
    const verified = await verify(await userWith(OLD));
    if (!verified) throw new Error("the password was right");
    const started = await given(
      startSession(
        { ...verified, methods: METHODS, persistent: false, device: DEVICE, replaced: [] },
        new Date(),
      ),
    );
    expect(started.session.userId).toBe(verified.user.id);
  });

  it("PW-8: a raised cost counts from the next sign-in on (conformance/django-auth/test_bcrypt_upgrade)", async () => {
    const user = await newUser();
    const old = await hashOf(user.id);
    const { upgradeHash } = await underSettings(
      { PASSWORD_HASH_COST: "5" },
      () => import("@/lib/auth/password"),
    );
    const verified = await verify(user, user.password);
    expect(await hashOf(user.id)).toBe(old);
    if (verified) await upgradeHash(verified, user.password);
    expect(await hashOf(user.id)).toMatch(/^gatehouse1\$2b\$05\$/);
  });

  it("PW-8: a hash of today's cost stays, one of a higher cost, too (conformance/django-auth/test_no_upgrade)", async () => {
    const user = await newUser();
    const old = await hashOf(user.id);
    await verify(user, user.password);
    expect(await hashOf(user.id)).toBe(old);
    await write(user.id, await costlyHash(user.password));
    await verify(user, user.password);
    expect(await hashOf(user.id)).toMatch(/^gatehouse1\$2b\$06\$/);
  });

  it("PW-9: of five at once, all are let in, with the hash that is there", async () => {
    const user = await userWith(OLD);
    const all = await Promise.all(Array.from({ length: 5 }, () => verify(user)));
    const now = await hashOf(user.id);
    expect(all.map((verified) => verified?.passwordHash)).toEqual(Array.from(all, () => now));
  });
});

describe("nothing is hashed anew", () => {
  it("PW-8: on a wrong password (conformance/django-auth/test_no_upgrade_on_incorrect_pass)", async () => {
    const user = await userWith(OLD);
    for (const wrong of ["", `${PASSWORD} `, "another password"])
      expect(await verify(user, wrong)).toBeNull();
    expect(await hashOf(user.id)).toBe(OLD);
  });

  it("PW-8: for somebody who is disabled", async () => {
    const user = await userWith(OLD);
    await change("UPDATE users SET status = 'disabled' WHERE id = ?", [user.id]);
    expect(await verify(user)).toBeNull();
    expect(await hashOf(user.id)).toBe(OLD);
  });

  it("PW-9: over a password that was changed meanwhile; the old one starts no session", async () => {
    const { id, ...person } = await userWith(OLD);
    const changed = await given(hashPassword("a password of today"));
    await write(id, changed);
    const user = { ...person, ...ESTABLISHED, id, role: "member", status: "active" } as const;
    const kept = await upgradeHash({ user, passwordHash: OLD }, PASSWORD);
    expect(kept).toBe(OLD);
    expect(await hashOf(id)).toBe(changed);
    const signIn = {
      user,
      passwordHash: kept,
      methods: METHODS,
      persistent: false,
      device: DEVICE,
      replaced: [],
    };
    expect(await startSession(signIn, new Date())).toEqual({ refused: "overtaken" });
  });
});

describe("trouble on the way keeps nobody out", () => {
  it("PW-10: while too many hashes wait, the old one stays for another time", async () => {
    const user = await userWith(OLD);
    const verified = {
      user: { ...user, ...ESTABLISHED, role: "member", status: "active" },
      passwordHash: OLD,
    } as const;
    const rush = Array.from({ length: 300 }, () => hashInThread("x", 4));
    expect(await upgradeHash(verified, PASSWORD)).toBe(OLD);
    await Promise.all(rush);
    expect(await upgradeHash(verified, PASSWORD)).toMatch(OURS);
  });

  it("RL-1: when the database does not take the new one, the old one stays for another time", async () => {
    const user = await userWith(OLD);
    await change(
      `ALTER TABLE users ADD CONSTRAINT no_new_hash
       CHECK (username <> '${user.username}' OR password_hash NOT LIKE 'gatehouse1%')`,
    );
    try {
      expect(await verify(user)).toMatchObject({ passwordHash: OLD });
    } finally {
      await change("ALTER TABLE users DROP CONSTRAINT no_new_hash");
    }
    expect(await verify(user)).toMatchObject({ passwordHash: expect.stringMatching(OURS) });
  });
});

async function costlyHash(password: string): Promise<string> {
  const { hashPassword } = await underSettings(
    { PASSWORD_HASH_COST: "6" },
    () => import("@/lib/auth/password"),
  );
  return given(hashPassword(password));
}

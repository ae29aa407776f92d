import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deviceCookieName, openDevice, sealDevice } from "@/lib/auth/known-browser";
import { proveByName } from "@/lib/auth/methods";
import { bcryptComparison } from "@/lib/auth/password-formats";
import {
  BUSY,
  closeHashingThreads,
  compareInThread,
  hashInThread,
  waitingForThreads,
} from "@/lib/auth/password-threads";
import { WRONG } from "@/lib/auth/throttle";
import { isRefused } from "@/lib/refused";
import { createUser, findByIdentifier } from "@/lib/users/users";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { giveApp } from "../../support/factors";
import {
  DJANGO_FILES,
  FOREIGN_PASSWORD,
  hashesOfDjango,
  hashesOfPhp,
} from "../../support/foreign-hashes";
import { given, unlessWrong } from "../../support/given";
import { byPassword, CLIENT, DEVICE, signedIn } from "../../support/signed-in";
import { change, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

afterAll(closeHashingThreads);

const verify = (identifier: string, password: string = PASSWORD) =>
  unlessWrong(proveByName({ identifier, ...byPassword(password) }, CLIENT, new Date())).then(
    (verified) => verified?.user ?? null,
  );

async function named(username: string, email: string) {
  const user = await newUser();
  await change("UPDATE users SET username = ?, email = ? WHERE id = ?", [username, email, user.id]);
  return user;
}

describe("proveByName", () => {
  it("lets in by user name and by e-mail", async () => {
    const user = await newUser();
    expect(await verify(user.username)).toMatchObject({ id: user.id });
    expect(await verify(user.email)).toMatchObject({ id: user.id, role: "member" });
  });

  it("PW-3: the password counts exactly as typed", async () => {
    const user = await newUser();
    for (const other of [` ${PASSWORD}`, `${PASSWORD} `, PASSWORD.toUpperCase(), ""])
      expect(await verify(user.username, other), other).toBeNull();
  });

  it("PW-1: a long password of emoji that was taken lets in", async () => {
    const password = "😀".repeat(200);
    const user = await newUser({ password });
    expect(await verify(user.username, password)).toMatchObject({ id: user.id });
  });

  it("a password of more than 256 characters fits nobody", async () => {
    const user = await newUser();
    expect(await verify(user.username, "a".repeat(257))).toBeNull();
  });

  it("AU-1: every failure costs the work of one password", async () => {
    const [user, disabled] = await Promise.all([newUser(), newUser({ status: "disabled" })]);
    // The first try begins the threads and measures how long a refusal takes.
    await verify(user.username, "wrong");
    const worth = async (identifier: string, password: string) => {
      const before = globalThis.gatehouseHashing?.completed;
      await verify(identifier, password);
      return Number(globalThis.gatehouseHashing?.completed) - Number(before);
    };
    expect([
      await worth(user.username, "wrong"),
      await worth(`no${user.username}`, "wrong"),
      await worth(disabled.username, PASSWORD),
      await worth(user.username, "x".repeat(257)),
      await worth("a\0b", "wrong"),
    ]).toEqual([1, 1, 1, 1, 1]);
  });

  it("AU-16: the owner's browser goes ahead of all the strangers that wait for a hash", async () => {
    const user = await newUser();
    const seal = await sealDevice(null, user.id, new Date());
    const known = await openDevice(`${deviceCookieName()}=${seal}`);
    const dear = bcryptComparison("x", await given(hashInThread("x", 10)));
    if (!dear) throw new Error("that was bcrypt");
    const strangers = Array.from({ length: 400 }, () => compareInThread(dear));
    const credentials = { identifier: user.username, ...byPassword(PASSWORD) };
    try {
      const verified = await proveByName(credentials, { device: DEVICE, known }, new Date());
      expect(verified).toMatchObject({ user: { id: user.id } });
      expect(waitingForThreads()).toBeGreaterThan(10);
    } finally {
      // What waits is given up.
      await closeHashingThreads();
    }
    expect(await Promise.all(strangers)).toContainEqual(BUSY);
  });

  it("MF-25: a right password is not enough where the account has a factor, and resets no count", async () => {
    const [user, other] = [await newUser(), await newUser()];
    await giveApp(user);
    const prove = ({ username }: TestUser, password: string) =>
      proveByName({ identifier: username, ...byPassword(password) }, CLIENT, new Date());
    for (let n = 0; n < 9; n += 1) expect(await prove(user, "wrong")).toEqual(WRONG);
    for (let n = 0; n < 3; n += 1)
      expect(await prove(user, PASSWORD)).toMatchObject({ refused: "more_needed" });
    // The wrong ones before it stay counted: there was one try left.
    expect(await prove(user, "wrong")).toEqual(WRONG);
    expect(await prove(user, PASSWORD)).toMatchObject({ refused: "throttled" });
    expect(await prove(other, PASSWORD)).toMatchObject({ methods: ["password"] });
  });

  it("AU-8: letter case of the identifier does not count, blanks around it neither", async () => {
    const user = await newUser();
    for (const typed of [user.username.toUpperCase(), ` ${user.email.toUpperCase()} `])
      expect(await verify(typed)).toMatchObject({ id: user.id });
  });

  it("AU-8: letter case counts nowhere, beyond ASCII neither", async () => {
    const user = await named("ÅSE-ЖАННА", "Åse.Жанна@example.com");
    expect(await verify("åse-жанна")).toMatchObject({ id: user.id });
    expect(await verify("åSE.жАННА@EXAMPLE.com")).toMatchObject({ id: user.id });
  });

  it("AU-8: NFC and NFD of one name are one user", async () => {
    const user = await named("Zoë-nf", "zoë-nf@example.com");
    expect(await verify("Zoë-nf".normalize("NFD"))).toMatchObject({ id: user.id });
    expect(await verify("zoë-nf@example.com".normalize("NFD"))).toMatchObject({ id: user.id });
  });

  it("AU-8: an accent makes another user", async () => {
    const [jose, other] = [
      await named("José", "j1@example.com"),
      await named("Jose", "j2@example.com"),
    ];
    expect(await verify("josé")).toMatchObject({ id: jose.id });
    expect(await verify("jose")).toMatchObject({ id: other.id });
  });

  it.each([
    ["a dotless i", "m\u0131ke-x@example.com"],
    ["a full-width sign", "mike-x＠example.com"],
    ["full-width letters", "ｍike-x@example.com"],
    ["a Cyrillic letter", "mik\u0435-x@example.com"],
    ["a zero-width space", "mike\u200b-x@example.com"],
    ["a wildcard", "mike-%"],
    ["a trailing NUL", "mike-x@example.com\0"],
  ])("AU-8: %s does not match a look-alike", async (_what, identifier) => {
    if (!(await findByIdentifier("mike-x@example.com")))
      await named("mike-x", "mike-x@example.com");
    expect(await findByIdentifier("MIKE-X@example.com")).not.toBeNull();
    expect(await findByIdentifier(identifier)).toBeNull();
  });

  it("the log alone tells why nobody was let in, and never the password", async () => {
    const [user, disabled] = [await newUser(), await newUser({ status: "disabled" })];
    const before = await rows("SELECT IFNULL(MAX(id), 0) AS last FROM events");
    await verify("nobody-of-this-name");
    await verify(user.username, "wrong-password-here");
    await verify(disabled.username);
    const found = await rows(
      `SELECT type, user_id, ip_address, JSON_UNQUOTE(JSON_EXTRACT(detail, '$.cause')) AS cause,
         CAST(detail AS CHAR) AS whole FROM events WHERE id > ? ORDER BY id`,
      [before[0]?.last],
    );
    expect(found).toMatchObject([
      { type: "sign_in_failed", cause: "unknown", user_id: null },
      { type: "sign_in_failed", cause: "wrong_password", user_id: user.id },
      { type: "sign_in_failed", cause: "disabled", user_id: disabled.id },
    ]);
    for (const { whole, ip_address } of found) {
      expect(whole).not.toContain("password-here");
      expect(ip_address).toBe(DEVICE.ipAddress);
    }
  });
});

describe("the same work, and the same floor of time, for every cause and kind of hash", () => {
  const NOT_THEIRS = "a password that is nobody's";
  // Dear enough that the floor is more than the database's share of a try.
  const COST = "7";

  const underCost = () =>
    underSettings({ PASSWORD_HASH_COST: COST }, async () => ({
      ...(await import("@/lib/auth/methods")),
      ...(await import("@/lib/auth/change-password")),
      ...(await import("@/lib/auth/reauthenticate")),
      ...(await import("@/lib/auth/password")),
      ...(await import("@/lib/auth/refusal-floor")),
      ...(await import("@/lib/metrics")),
    }));
  let lib: Awaited<ReturnType<typeof underCost>>;
  let floorMs: number;
  beforeAll(async () => {
    lib = await underCost();
    floorMs = await given(lib.refusalFloorMs());
  });

  // Each from an address of its own, so that no try is throttled.
  let tries = 0;
  const client = () => {
    tries += 1;
    return { device: { ...DEVICE, ipAddress: `198.51.100.${tries % 250}` }, known: null };
  };
  const attempt = ({ username }: { username: string }, password = NOT_THEIRS) =>
    lib.proveByName({ identifier: username, ...byPassword(password) }, client(), new Date());

  async function withHash(passwordHash: string, status: "active" | "disabled" = "active") {
    const user = await newUser({ status });
    await change("UPDATE users SET password_hash = ? WHERE id = ?", [passwordHash, user.id]);
    return user;
  }

  async function proof(password: string) {
    const it = await signedIn();
    const passwordHash = await given(lib.hashPassword(PASSWORD));
    await change("UPDATE users SET password_hash = ? WHERE id = ?", [passwordHash, it.user.id]);
    return { ...it, given: byPassword(password), client: client() };
  }

  const [newest = ""] = DJANGO_FILES;
  const { pbkdf2_sha256 = "", argon2 = "", ...django } = hashesOfDjango(newest);
  const php = hashesOfPhp();
  const foreign: Record<string, string> = {
    "Django's pbkdf2_sha256": pbkdf2_sha256,
    "Django's pbkdf2_sha1": django.pbkdf2_sha1 ?? "",
    "Django's scrypt": django.scrypt ?? "",
    "Django's argon2": argon2,
    "Django's bcrypt_sha256": django.bcrypt_sha256 ?? "",
    "Laravel's bcrypt": php.bcrypt ?? "",
    "PHP's argon2id": php.argon2id ?? "",
  };
  const REFUSALS: [cause: string, refused: () => Promise<() => Promise<unknown>>][] = [
    ["unknown", async () => () => attempt({ username: "nobody-of-this-name" })],
    [
      "a wrong password",
      async () => {
        const user = await withHash(await given(lib.hashPassword(PASSWORD)));
        return () => attempt(user);
      },
    ],
    [
      "a disabled user's right password",
      async () => {
        const user = await withHash(await given(lib.hashPassword(PASSWORD)), "disabled");
        return () => attempt(user, PASSWORD);
      },
    ],
    [
      "a disabled user's right password, of Django",
      async () => {
        const user = await withHash(pbkdf2_sha256, "disabled");
        return () => attempt(user, FOREIGN_PASSWORD);
      },
    ],
    [
      "too long",
      async () => {
        const user = await newUser();
        return () => attempt(user, "a".repeat(300));
      },
    ],
    ...Object.entries({
      ...foreign,
      "an unusable hash": "!",
      "a hash that asks for too much": argon2.replace("m=256", "m=1048576"),
    }).map(([kind, hash]): (typeof REFUSALS)[number] => [
      kind,
      async () => {
        const user = await withHash(hash);
        return () => attempt(user);
      },
    ]),
    [
      "a wrong password at the re-authentication",
      async () => {
        const given = await proof(NOT_THEIRS);
        return () => lib.reauthenticate(given, new Date());
      },
    ],
    [
      "a wrong password at a change of password",
      async () => {
        const given = await proof(NOT_THEIRS);
        return async () => {
          return lib.changeOwnPassword(given, "nine bees in a hat", new Date());
        };
      },
    ],
  ];

  const counted = async () => {
    const { values } = await lib.metrics().refusals.get();
    const refusals = values.reduce((sum, { value }) => sum + value, 0);
    return { refusals, tasks: globalThis.gatehouseHashing?.completed ?? 0 };
  };

  const medians: Record<string, number> = {};
  it.each(REFUSALS)("AU-14: %s", async (cause, prepared) => {
    const refused = await prepared();
    const times: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const before = await counted();
      const begun = performance.now();
      expect(await refused()).toEqual(WRONG);
      times.push(performance.now() - begun);
      const after = await counted();
      expect(after.refusals - before.refusals).toBe(1);
      // A new password is judged in a thread as well, before the old one and whatever that is.
      expect(after.tasks - before.tasks).toBe(cause.includes("change") ? 2 : 1);
    }
    for (const time of times) expect(time).toBeGreaterThanOrEqual(floorMs);
    medians[cause] = Math.round(times.sort((a, b) => a - b)[1] ?? 0);
  });

  it("AU-14: a right password is told at once, and passes no floor", async () => {
    const user = await withHash(await given(lib.hashPassword(PASSWORD)));
    const before = await counted();
    expect(await attempt(user, PASSWORD)).toMatchObject({ user: { id: user.id } });
    const after = await counted();
    expect([after.refusals - before.refusals, after.tasks - before.tasks]).toEqual([0, 1]);
  });

  it("AU-14: what is not looked at waits for nothing: too many tries", async () => {
    const address = client();
    const guess = () =>
      lib.proveByName(
        { identifier: "nobody-else", ...byPassword(NOT_THEIRS) },
        address,
        new Date(),
      );
    for (let n = 0; n < 10; n += 1) expect(await guess()).toEqual(WRONG);
    const before = await counted();
    expect(await guess()).toMatchObject({ refused: "throttled" });
    expect(await counted()).toEqual(before);
  });

  afterAll(() => {
    console.log(`AU-14: floor ${Math.round(floorMs)} ms; medians in ms ${JSON.stringify(medians)}`);
  });
});

describe("createUser", () => {
  const person = (username: string, email: string) =>
    createUser({ username, email, name: "", role: "member", passwordHash: "!" }, new Date());

  it.each([
    ["the same name", "Grace", "g2@example.com"],
    ["the name in other letters", "gRACE", "g3@example.com"],
    ["the same e-mail", "g4", "grace@example.com"],
    ["the e-mail in other letters", "g5", "GRACE@Example.com"],
  ])("AU-8: %s is taken once", async (_what, username, email) => {
    if (!(await findByIdentifier("grace"))) await person("Grace", "grace@example.com");
    expect(await person(username, email)).toMatchObject({ refused: "duplicate_user" });
    const graces = await rows("SELECT id FROM users WHERE email_key LIKE 'g%@example.com'");
    expect(graces).toHaveLength(1);
  });

  it("AU-8: a name typed in NFD is the same name", async () => {
    await person("Chloé", "c1@example.com");
    expect(await person("Chloé".normalize("NFD"), "c2@example.com")).toEqual({
      refused: "duplicate_user",
      fields: ["username"],
    });
  });

  it.each([
    ["one user", "Both", "both@example.com"],
    ["two users", "Both", "heidi@example.com"],
  ])("where %s have the name and the e-mail, both are told", async (_whose, username, email) => {
    if (!(await findByIdentifier("both"))) {
      await person("Both", "both@example.com");
      await person("Heidi", "heidi@example.com");
    }
    expect(await person(username, email.toUpperCase())).toEqual({
      refused: "duplicate_user",
      fields: ["username", "email"],
    });
  });

  it("of ten at once with one name, one is made", async () => {
    const all = Array.from({ length: 10 }, (_, n) => person("Racer", `racer${n}@example.com`));
    const outcomes = await Promise.all(all);
    expect(outcomes.filter((outcome) => !isRefused(outcome))).toHaveLength(1);
    const events = await rows(
      "SELECT e.id FROM events e JOIN users u ON u.id = e.user_id WHERE u.username = 'Racer'",
    );
    expect(events).toHaveLength(1);
  });
});

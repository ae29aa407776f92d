import { afterAll, describe, expect, it } from "vitest";
import { checkCredentials } from "@/lib/account/credentials";
import { closeHashingThreads } from "@/lib/account/hashing-threads";
import { createUser, DuplicateUser, findByIdentifier } from "@/lib/account/users";
import { newUser, PASSWORD } from "../../support/people";
import { CLIENT, DEVICE } from "../../support/signed-in";
import { change, rows } from "../../support/sql";
import { underSettings } from "../../support/under-settings";

afterAll(closeHashingThreads);

const check = (identifier: string, password: string = PASSWORD) =>
  checkCredentials({ identifier, password }, CLIENT, new Date()).then(
    (verified) => verified?.user ?? null,
  );

async function named(username: string, email: string) {
  const user = await newUser();
  await change("UPDATE users SET username = ?, email = ? WHERE id = ?", [username, email, user.id]);
  return user;
}

describe("checkCredentials", () => {
  it("lets in by user name and by e-mail", async () => {
    const user = await newUser();
    expect(await check(user.username)).toMatchObject({ id: user.id });
    expect(await check(user.email)).toMatchObject({ id: user.id, role: "member" });
  });

  it("PW-3: the password counts exactly as typed", async () => {
    const user = await newUser();
    for (const other of [` ${PASSWORD}`, `${PASSWORD} `, PASSWORD.toUpperCase(), ""])
      expect(await check(user.username, other), other).toBeNull();
  });

  it("PW-1: a long password of emoji that was taken lets in", async () => {
    const password = "😀".repeat(200);
    const user = await newUser({ password });
    expect(await check(user.username, password)).toMatchObject({ id: user.id });
  });

  it("a password of more than 256 characters fits nobody", async () => {
    const user = await newUser();
    expect(await check(user.username, "a".repeat(257))).toBeNull();
  });

  it("AU-8: letter case of the identifier does not count, blanks around it neither", async () => {
    const user = await newUser();
    for (const typed of [user.username.toUpperCase(), ` ${user.email.toUpperCase()} `])
      expect(await check(typed)).toMatchObject({ id: user.id });
  });

  it("AU-8: letter case counts nowhere, beyond ASCII neither", async () => {
    const user = await named("ÅSE-ЖАННА", "Åse.Жанна@example.com");
    expect(await check("åse-жанна")).toMatchObject({ id: user.id });
    expect(await check("åSE.жАННА@EXAMPLE.com")).toMatchObject({ id: user.id });
  });

  it("AU-8: NFC and NFD of one name are one user", async () => {
    const user = await named("Zoë-nf", "zoë-nf@example.com");
    expect(await check("Zoë-nf".normalize("NFD"))).toMatchObject({ id: user.id });
    expect(await check("zoë-nf@example.com".normalize("NFD"))).toMatchObject({ id: user.id });
  });

  it("AU-8: an accent makes another user", async () => {
    const [jose, other] = [
      await named("José", "j1@example.com"),
      await named("Jose", "j2@example.com"),
    ];
    expect(await check("josé")).toMatchObject({ id: jose.id });
    expect(await check("jose")).toMatchObject({ id: other.id });
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
    await check("nobody-of-this-name");
    await check(user.username, "wrong-password-here");
    await check(disabled.username);
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

describe("the same work for every cause", () => {
  const done = () => globalThis.gatehouseHashing?.completed ?? 0;
  const atCost = (cost: string) =>
    underSettings({ PASSWORD_HASH_COST: cost }, async () => ({
      ...(await import("@/lib/account/credentials")),
      ...(await import("@/lib/account/password")),
    }));

  it("AU-1: unknown, wrong, disabled and too long each compare one password", async () => {
    // At the default cost, so that the times beside are those of a real installation.
    const { checkCredentials, hashPassword } = await atCost("12");
    const check = (identifier: string, password: string = PASSWORD) =>
      checkCredentials({ identifier, password }, CLIENT, new Date());
    const hash = await hashPassword(PASSWORD);
    const [user, disabled] = [await newUser(), await newUser({ status: "disabled" })];
    for (const { id } of [user, disabled])
      await change("UPDATE users SET password_hash = ? WHERE id = ?", [hash, id]);
    const tries: Record<string, () => Promise<unknown>> = {
      unknown: () => check("nobody-of-this-name"),
      wrong: () => check(user.username, "wrong"),
      disabled: () => check(disabled.username),
      "too long": () => check(user.username, "a".repeat(300)),
      right: () => check(user.username),
    };
    const medians: Record<string, number> = {};
    for (const [cause, attempt] of Object.entries(tries)) {
      const times: number[] = [];
      for (let n = 0; n < 3; n += 1) {
        const before = done();
        const begun = performance.now();
        const outcome = await attempt();
        times.push(performance.now() - begun);
        expect(done() - before, cause).toBe(1);
        expect(outcome !== null, cause).toBe(cause === "right");
      }
      medians[cause] = Math.round(times.sort((a, b) => a - b)[1] ?? 0);
    }
    const all = Object.values(medians);
    const ratio = (Math.max(...all) / Math.min(...all)).toFixed(2);
    console.log(`AU-1: medians in ms ${JSON.stringify(medians)}, slowest to quickest ${ratio}`);
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
    await expect(person(username, email)).rejects.toBeInstanceOf(DuplicateUser);
    const graces = await rows("SELECT id FROM users WHERE email_key LIKE 'g%@example.com'");
    expect(graces).toHaveLength(1);
  });

  it("AU-8: a name typed in NFD is the same name", async () => {
    await person("Chloé", "c1@example.com");
    await expect(person("Chloé".normalize("NFD"), "c2@example.com")).rejects.toThrow(DuplicateUser);
  });

  it("of ten at once with one name, one is made", async () => {
    const all = Array.from({ length: 10 }, (_, n) => person("Racer", `racer${n}@example.com`));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const events = await rows(
      "SELECT e.id FROM events e JOIN users u ON u.id = e.user_id WHERE u.username = 'Racer'",
    );
    expect(events).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "@/tests/helpers/people";
import { urlOf, userSql } from "../../support/database-users";
import {
  DJANGO_KEYS,
  makeDjangoTables,
  movedUser,
  signInAtDjango,
  storedAtDjango,
  WITH_DJANGO,
} from "../../support/django-site";
import { manage } from "../../support/manage";
import { type OwnServer, ownServerWith } from "../../support/own-server";
import { change, number, rows } from "../../support/sql";

const ask = (...words: string[]) => manage(["django", ...words]);
const bridged = (...words: string[]) => manage(["django", ...words], { settings: WITH_DJANGO });

const OURS = ["users", "sessions", "events", "identities", "adopted_sessions"];
const THEIRS = ["django_session", "auth_user"];
const contentOf = async (tables: readonly string[]) =>
  JSON.stringify(await Promise.all(tables.map((table) => rows(`SELECT * FROM ${table}`))));
const hashOf = async (userId: number) =>
  (await rows("SELECT password_hash AS hash FROM users WHERE id = ?", [userId]))[0]?.hash;

beforeAll(makeDjangoTables);

describe("with the bridge off", () => {
  it("status says so, and what it has kept", async () => {
    await movedUser();
    const told = await ask("status", "--json");
    expect(told).toMatchObject({ code: 0, err: "" });
    expect(told.json()).toMatchObject({ isOn: false, accounts: expect.any(Number), sessions: 0 });
    expect((await ask("status")).out).toContain("off: DJANGO_SECRET_KEYS is not set");
  });

  it.each(["check", "cut-over"])("%s names what is to be set", async (verb) => {
    expect(await ask(verb)).toMatchObject({
      code: 1,
      err: "The bridge is off: set DJANGO_SECRET_KEYS.\n",
    });
  });
});

describe("django check", () => {
  beforeAll(async () => {
    await change("DELETE FROM django_session");
    await change("DELETE FROM auth_user");
  });

  it("DJ-8: counts whom the bridge would sign in, and by reason whom not, and writes nothing", async () => {
    const [user, old, gone, closed, stranger] = [
      await movedUser(),
      await movedUser(),
      await movedUser(),
      await movedUser({ status: "disabled" }),
      await movedUser(),
    ];
    await signInAtDjango(user);
    await signInAtDjango(user, { secret: DJANGO_KEYS[1] ?? "" });
    await signInAtDjango(user, { expiresAt: new Date(Date.now() - 1000) });
    await signInAtDjango(user, { secret: "of-another-site-0123456789" });
    await signInAtDjango(old, { password: storedAtDjango("the one before") });
    await signInAtDjango(gone);
    await change("UPDATE auth_user SET is_active = 0 WHERE id = ?", [gone.djangoId]);
    await signInAtDjango(closed);
    await signInAtDjango(stranger);
    await change("DELETE FROM identities WHERE user_id = ?", [stranger.id]);
    const before = await contentOf([...OURS, ...THEIRS]);
    const told = await bridged("check", "--json");
    expect(told.json()).toEqual({
      missingGrants: [],
      adopted: 2,
      refused: { unreadable: 1, former_password: 1, inactive: 1, not_here: 1, no_account: 1 },
      withoutAccount: [stranger.djangoId],
    });
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining("DJANGO_SECRET_KEYS") });
    expect(await contentOf([...OURS, ...THEIRS])).toBe(before);
    const words = (await bridged("check")).out;
    expect(words).toContain("2 live session(s) would be taken over.");
    expect(words).toContain("1 would not: they are of a former password");
    expect(words).toContain("1 user(s) there have no account here");
  });
});

describe("django check, on a server where Django's tables are another account's", () => {
  let server: OwnServer;
  const projectUrl = process.env.DATABASE_URL;

  beforeAll(async () => {
    const sql = [...userSql("reader", "SELECT"), ...userSql("stranger", "CREATE")];
    server = await ownServerWith({ sql });
    process.env.DATABASE_URL = server.url;
    await makeDjangoTables();
  });

  afterAll(async () => {
    process.env.DATABASE_URL = projectUrl;
    await server.stop();
  });

  const checkAs = (account: string) => {
    const settings = { ...WITH_DJANGO, DJANGO_DATABASE_URL: urlOf(account, server.url) };
    return manage(["django", "check", "--json"], { settings });
  };
  const CHANGES = [
    "INSERT on django_session",
    "UPDATE on django_session",
    "DELETE on django_session",
    "UPDATE on auth_user",
  ];

  it("DJ-8: names each grant that it lacks, and counts all the same", async () => {
    await signInAtDjango(await movedUser());
    const told = await checkAs("reader");
    expect(told).toMatchObject({ code: 1, err: expect.stringMatching(/^Grant what is missing/) });
    expect(told.json()).toMatchObject({ missingGrants: CHANGES, adopted: 1 });
  });

  it("DJ-8: counts nobody where it may not read", async () => {
    const { missingGrants, ...counts } = Object(
      await checkAs("stranger").then((told) => told.json()),
    );
    expect(missingGrants).toHaveLength(CHANGES.length + 2);
    expect(counts).toEqual({ adopted: 0, refused: {}, withoutAccount: [] });
  });
});

describe("django cut-over", () => {
  it("DJ-9: copies the last password of each, marks them once, and can be run again", async () => {
    const [user, leaver] = [await movedUser(), await movedUser()];
    const last = storedAtDjango(`${PASSWORD} of the last day`);
    await change("UPDATE auth_user SET password = ? WHERE id = ?", [last, user.djangoId]);
    await change("DELETE FROM auth_user WHERE id = ?", [leaver.djangoId]);
    const [kept, theirs] = [await hashOf(leaver.id), await contentOf(THEIRS)];
    expect(await bridged("cut-over")).toMatchObject({ code: 0, err: "" });
    expect([await hashOf(user.id), await hashOf(leaver.id)]).toEqual([last, kept]);
    expect(await contentOf(THEIRS)).toBe(theirs);
    expect(await number("SELECT COUNT(*) FROM identities WHERE cut_over_at IS NULL")).toBe(0);
    await change("UPDATE auth_user SET password = 'later' WHERE id = ?", [user.djangoId]);
    expect((await bridged("cut-over", "--json")).json()).toEqual({ accounts: 0 });
    expect(await hashOf(user.id)).toBe(last);
    const status = (await bridged("status", "--json")).json();
    expect(status).toMatchObject({ isOn: true });
  });
});

describe("django remove", () => {
  it("DJ-9: waits for the keys to be unset", async () => {
    const before = await contentOf(OURS);
    expect(await bridged("remove")).toMatchObject({
      code: 1,
      err: "Unset DJANGO_SECRET_KEYS first: the bridge is on.\n",
    });
    expect(await contentOf(OURS)).toBe(before);
  });

  it("DJ-9: forgets what the bridge has kept, and leaves Django's tables and every account", async () => {
    await movedUser();
    await change(
      "INSERT INTO identities (issuer, subject, user_id, created_at) SELECT 'other', 'x', MAX(id), NOW() FROM users",
    );
    const kept = await contentOf([...THEIRS, "users"]);
    expect(await ask("remove")).toMatchObject({ code: 0 });
    expect(await contentOf([...THEIRS, "users"])).toBe(kept);
    expect(await rows("SELECT issuer FROM identities")).toEqual([{ issuer: "other" }]);
    expect((await ask("status", "--json")).json()).toMatchObject({ accounts: 0, cutOver: 0 });
  });
});

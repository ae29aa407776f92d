// The first visit of people who are signed in at the Django site that they move in from.
import { pbkdf2Sync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { authHashOf } from "@/lib/django/auth-hash";
import { readSessionText } from "@/lib/django/session-text";
import { PASSWORD } from "@/tests/helpers/people";
import { NEW_PASSWORD, sendNewPassword } from "@/tests/support/account-pages";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import {
  DJANGO_KEYS,
  DJANGO_SALT,
  hasDjangoRow,
  type MovedUser,
  makeDjangoTables,
  movedUser,
  signInAtDjango,
  storedAtDjango,
  WITH_DJANGO,
} from "@/tests/support/django-site";
import { giveApp } from "@/tests/support/factors";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, number, rows } from "@/tests/support/sql";
import { underSettings } from "@/tests/support/under-settings";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;
beforeAll(async () => {
  await makeDjangoTables();
  app = await sharedApp(WITH_DJANGO);
});

const ADOPT = "/session/adopt?returnTo=%2Faccount%3Ftab%3D1";
const sessionsOf = ({ id }: Pick<MovedUser, "id">) =>
  number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [id]);
const ours = (setCookies: readonly string[]) =>
  setCookies.find((line) => line.startsWith("session="))?.split(";")[0] ?? null;

/** Where a browser with that cookie ends, as it follows each redirect, and on how many of them. */
async function visit(path: string, djangoCookie: string) {
  let cookie = djangoCookie;
  const way: string[] = [];
  for (let at = path; way.length < 5; ) {
    const response = await app.request(at, withCookie(cookie));
    const own = response.setCookies.map((line) => line.split(";")[0]);
    if (own.length > 0) cookie = [djangoCookie, ...own].join("; ");
    const to = response.header("location");
    if (!to) return { way, cookie, status: response.status };
    way.push(to);
    at = to;
  }
  throw new Error(`goes in circles: ${way.join(" ")}`);
}

describe("DJ-1: somebody signed in at Django", () => {
  test("is signed in here at their first visit, and is where they were going", async () => {
    const user = await movedUser();
    const { cookie } = await signInAtDjango(user);
    const visited = await visit("/account?tab=1", cookie);
    expect(visited).toMatchObject({ status: 200, way: [ADOPT, "/account?tab=1"] });
    // They have been in this browser before, at the other site: it is known, and no mail tells of it.
    expect(visited.cookie).toContain("session-device=");
    expect(await number("SELECT COUNT(*) FROM outbox WHERE user_id = ?", [user.id])).toBe(0);
    const [row] = await rows(
      "SELECT methods, persistent, authenticated_at < UTC_TIMESTAMP - INTERVAL 23 HOUR AS isOld FROM sessions WHERE user_id = ?",
      [user.id],
    );
    expect(row).toMatchObject({ persistent: 1, isOld: 1 });
    expect(row?.methods).toEqual(Array.isArray(row?.methods) ? ["django"] : '["django"]');
    const types = await rows("SELECT type FROM events WHERE user_id = ?", [user.id]);
    expect(types).toEqual([{ type: "session_adopted" }]);
    const proving = await app.request("/account/factors", withCookie(visited.cookie));
    expect(proving.header("location")).toContain("/reauthenticate");
  });

  test("is so on the sign-in page as well", async () => {
    const { cookie } = await signInAtDjango(await movedUser());
    const { way } = await visit("/sign-in?returnTo=%2Faccount", cookie);
    expect(way).toEqual(["/session/adopt?returnTo=%2Faccount", "/account"]);
  });

  test("is asked for the second factor first, and nothing is written before", async () => {
    const user = await movedUser();
    const phone = await giveApp(user);
    const { cookie } = await signInAtDjango(user);
    const { way } = await visit("/account?tab=1", cookie);
    expect(way).toEqual([ADOPT, "/sign-in/second-factor"]);
    expect(await sessionsOf(user)).toBe(0);
    const step = (await app.request(ADOPT, withCookie(cookie))).setCookies[0]?.split(";")[0] ?? "";
    const given = postJson({ code: phone.code() }, { ...FROM_HERE, Cookie: step });
    expect((await app.request("/api/session/second-factor", given)).status).toBe(200);
    const [session] = await rows(
      "SELECT JSON_EXTRACT(methods, '$') AS methods FROM sessions WHERE user_id = ?",
      [user.id],
    );
    expect(JSON.stringify(session)).toMatch(/totp.*django/);
  });
});

const TAMPERED = "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1vNV9k:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
type Make = (user: MovedUser) => Promise<{ readonly cookie: string }>;
const WORTHLESS: [string, Make][] = [
  ["of a row that was tampered with", (user) => signInAtDjango(user, { text: TAMPERED })],
  ["of a row that has run out", (user) => signInAtDjango(user, { expiresAt: new Date(0) })],
  ["of a row of another key", (user) => signInAtDjango(user, { secret: "somebody-else-s-key" })],
  ["of a former password", (user) => signInAtDjango(user, { password: "pbkdf2_sha256$1$a$b" })],
  ["of no row", async () => ({ cookie: `sessionid=${"a".repeat(32)}` })],
  ["that is none", async () => ({ cookie: "sessionid=' or 1=1" })],
  [
    "beside another",
    async (user) => ({
      cookie: `${(await signInAtDjango(user)).cookie}; sessionid=${"b".repeat(32)}`,
    }),
  ],
  [
    "of a user who is disabled there",
    after("UPDATE auth_user SET is_active = 0 WHERE username = ?"),
  ],
  [
    "of a user who is disabled here",
    after("UPDATE users SET status = 'disabled' WHERE username = ?"),
  ],
  [
    "of a user who has no account here",
    after("DELETE i FROM identities i JOIN users u ON u.id = i.user_id WHERE username = ?"),
  ],
  [
    "of a user who has set a password here since the cut-over",
    after(
      "UPDATE users u JOIN identities i ON i.user_id = u.id SET password_set_at = UTC_TIMESTAMP, cut_over_at = UTC_TIMESTAMP - INTERVAL 1 DAY WHERE username = ?",
    ),
  ],
  [
    "of a user who has closed their account here",
    after("UPDATE users SET erase_at = UTC_TIMESTAMP + INTERVAL 7 DAY WHERE username = ?"),
  ],
];

function after(statement: string): Make {
  return async (user) => {
    const signedIn = await signInAtDjango(user);
    await change(statement, [user.username]);
    return signedIn;
  };
}

describe("DJ-2: a key", () => {
  test.each(WORTHLESS)(
    "%s ends at the sign-in page, quietly, and nothing is written",
    async (_, make) => {
      const user = await movedUser();
      const { cookie } = await make(user);
      const { way, status } = await visit("/account?tab=1", cookie);
      expect(way.at(-1)).toMatch(/^\/sign-in\?(adopt=no&)?returnTo=%2Faccount%3Ftab%3D1$/);
      expect([status, way.length <= 2]).toEqual([200, true]);
      expect(await sessionsOf(user)).toBe(0);
      expect(await number("SELECT COUNT(*) FROM events WHERE user_id = ?", [user.id])).toBe(0);
      expect(
        await number("SELECT COUNT(*) FROM adopted_sessions WHERE user_id = ?", [user.id]),
      ).toBe(0);
    },
  );

  test("signed with an earlier key is good", async () => {
    const user = await movedUser();
    const { cookie } = await signInAtDjango(user, { secret: DJANGO_KEYS[1] ?? "" });
    expect((await visit("/account?tab=1", cookie)).way.at(-1)).toBe("/account?tab=1");
  });

  test.each([
    ["HEAD", { method: "HEAD" }],
    ["a prefetch", { headers: { "Sec-Purpose": "prefetch" } }],
    ["a picture", { headers: { "Sec-Fetch-Dest": "image" } }],
  ])("is not taken over by %s", async (_, asking) => {
    const user = await movedUser();
    const { cookie } = await signInAtDjango(user);
    for (const path of ["/account", ADOPT]) {
      const { header } = await app.request(path, withCookie(cookie, asking));
      expect(header("location")).toMatch(/^\/sign-in/);
    }
    const json = await app.request("/api/session", withCookie(cookie));
    expect(json.status).toBe(401);
    expect(await sessionsOf(user)).toBe(0);
  });

  test("DJ-3: of 50 visits at once with one key one begins a session, the others are sent on once", async () => {
    const user = await movedUser();
    const { cookie } = await signInAtDjango(user);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.request(ADOPT, withCookie(cookie))),
    );
    expect(answers.filter(({ setCookies }) => ours(setCookies))).toHaveLength(1);
    expect(new Set(answers.map(({ header }) => header("location")))).toEqual(
      new Set(["/account?tab=1"]),
    );
    expect(await sessionsOf(user)).toBe(1);
    const later = withCookie(`${cookie}; session-sent-on=1`);
    expect((await app.request("/account", later)).header("location")).toMatch(/^\/sign-in/);
  });

  test("is spent once its session is over", async () => {
    const user = await movedUser();
    const { cookie, key } = await signInAtDjango(user);
    const visited = await visit("/account", cookie);
    await app.request("/api/session", {
      method: "DELETE",
      headers: { ...FROM_HERE, Cookie: visited.cookie },
    });
    await change(
      "UPDATE adopted_sessions SET created_at = created_at - INTERVAL 1 MINUTE WHERE user_id = ?",
      [user.id],
    );
    expect(await hasDjangoRow(key)).toBe(false);
    expect((await visit("/account", cookie)).way.at(-1)).toMatch(/^\/sign-in/);
  });
});

describe("DJ-4: side by side", () => {
  async function adopted() {
    const user = await movedUser();
    const signedIn = await signInAtDjango(user);
    const { cookie } = await visit("/account", signedIn.cookie);
    const own = cookie.split("; ").find((pair) => pair.startsWith("session=")) ?? "";
    return { user, ...signedIn, own };
  }
  const statusOf = async (cookie: string) =>
    (await app.request("/api/session", withCookie(cookie))).status;
  const reasonOf = async ({ id }: MovedUser) =>
    (await rows("SELECT end_reason FROM sessions WHERE user_id = ?", [id]))[0]?.end_reason;

  test.each([
    ["signs out", "DELETE FROM django_session WHERE session_key = ?", "key"],
    ["gets another password", "UPDATE auth_user SET password = 'other' WHERE username = ?", "name"],
    ["is disabled", "UPDATE auth_user SET is_active = 0 WHERE username = ?", "name"],
  ])("who %s there is out here at the next request", async (_, statement, by) => {
    const { user, key, own } = await adopted();
    expect(await statusOf(own)).toBe(200);
    await change(statement, [by === "key" ? key : user.username]);
    expect(await statusOf(own)).toBe(401);
    await expect.poll(() => reasonOf(user)).toBe("django_signed_out");
  });

  test("a row that Django has cleared away as run out ends nothing here", async () => {
    const { user, key, own } = await adopted();
    await change("DELETE FROM django_session WHERE session_key = ?", [key]);
    const earlier = Date.now() - 1000;
    await change(
      "UPDATE sessions SET django_row = CONCAT(SUBSTRING_INDEX(django_row, ' ', 3), ' ', ?) WHERE user_id = ?",
      [earlier, user.id],
    );
    expect(await statusOf(own)).toBe(200);
  });

  test("who signs in here is signed in there, and out of both by one", async () => {
    const user = await movedUser();
    const claim = { identifier: user.username, password: PASSWORD };
    const { setCookies } = await app.request("/api/session", postJson(claim));
    const theirs = setCookies.find((line) => line.startsWith("sessionid="));
    const key = theirs?.split(";")[0]?.slice("sessionid=".length) ?? "";
    expect(theirs).toMatch(/HttpOnly/i);
    expect(await hasDjangoRow(key)).toBe(true);
    const own = ours(setCookies) ?? "";
    expect(await statusOf(own)).toBe(200);
    await app.request("/api/session", { method: "DELETE", headers: { ...FROM_HERE, Cookie: own } });
    expect(await hasDjangoRow(key)).toBe(false);
  });

  test("who has no account there gets no row there", async () => {
    const user = await movedUser();
    await change("DELETE FROM identities WHERE user_id = ?", [user.id]);
    const claim = { identifier: user.username, password: PASSWORD };
    const { setCookies } = await app.request("/api/session", postJson(claim));
    expect(setCookies.filter((line) => line.startsWith("sessionid="))).toEqual([]);
  });
});

describe("Django's table owns passwords until the cut-over", () => {
  const signIn = ({ username }: MovedUser, password: string) =>
    app.request("/api/session", postJson({ identifier: username, password }));
  const passwordAtDjango = async ({ username }: MovedUser) =>
    String(
      (await rows("SELECT password FROM auth_user WHERE username = ?", [username]))[0]?.password,
    );

  async function authHashOfRow(key: string) {
    const [row] = await rows("SELECT session_data FROM django_session WHERE session_key = ?", [
      key,
    ]);
    const keys = { secrets: DJANGO_KEYS, salt: DJANGO_SALT };
    return readSessionText(String(row?.session_data), keys)?.authHash;
  }

  test("what is set there signs in here from then on, and is not hashed anew", async () => {
    const user = await movedUser();
    const other = storedAtDjango("another good password");
    await change("UPDATE auth_user SET password = ? WHERE username = ?", [other, user.username]);
    expect((await signIn(user, PASSWORD)).status).toBe(401);
    expect((await signIn(user, "another good password")).status).toBe(200);
    const [row] = await rows("SELECT password_hash FROM users WHERE id = ?", [user.id]);
    expect(row?.password_hash).toBe(other);
  });

  test("what is set here signs in there; this session goes on at both, every other is over", async () => {
    const user = await movedUser();
    const elsewhere = await signInAtDjango(user);
    const visited = await visit("/account", elsewhere.cookie);
    const { setCookies } = await signIn(user, PASSWORD);
    const key = setCookies.join().match(/sessionid=(\w+)/)?.[1] ?? "";
    const visitor = newVisitor(app);
    visitor.jar.set("session", ours(setCookies)?.slice("session=".length) ?? "");
    await sendNewPassword(visitor);
    const stored = await passwordAtDjango(user);
    const [, iterations, salt = "", hash] = stored.split("$");
    const derived = pbkdf2Sync(NEW_PASSWORD, salt, Number(iterations), 32, "sha256");
    expect([stored.startsWith("pbkdf2_sha256$"), derived.toString("base64")]).toEqual([true, hash]);
    expect((await visitor.ask("/api/session")).status).toBe(200);
    expect(await authHashOfRow(key)).toBe(authHashOf(stored, DJANGO_KEYS[0] ?? ""));
    expect((await app.request("/api/session", withCookie(visited.cookie))).status).toBe(401);
    expect(await hasDjangoRow(elsewhere.key)).toBe(false);
    expect((await signIn(user, NEW_PASSWORD)).status).toBe(200);
  });

  test("a temporary password opens nothing there", async () => {
    const user = await movedUser();
    const load = () => Promise.all([import("@/lib/auth/password"), import("@/lib/db/connection")]);
    const [{ writePassword }, { db }] = await underSettings(WITH_DJANGO, load);
    const passwordHash = storedAtDjango("whatever");
    const temporary = { passwordHash, passwordSetAt: new Date(), passwordIsTemporary: true };
    await writePassword(db(), user.id, temporary);
    expect(await passwordAtDjango(user)).toMatch(/^!.{40}$/);
  });
});

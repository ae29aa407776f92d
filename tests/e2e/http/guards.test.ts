import { beforeAll, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { postJson, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

let app: SharedApp;
let user: TestUser;
let live: string;

beforeAll(async () => {
  app = await sharedApp();
  user = await newUser();
  live = await signIn(app, user);
});

test("AZ-2: a role that the database changed counts at the next request", async () => {
  const person = await newUser();
  const cookie = await signIn(app, person);
  for (const role of ["staff", "admin", "member"]) {
    await change("UPDATE users SET role = ? WHERE id = ?", [role, person.id]);
    const { text } = await app.request("/api/session", withCookie(cookie));
    expect(JSON.parse(text)).toMatchObject({ user: { role } });
  }
});

test("AZ-2: a higher role brings its shorter limits at the next request", async () => {
  const person = await newUser();
  const cookie = await signIn(app, person);
  const back = "last_activity_at = last_activity_at - INTERVAL 31 MINUTE";
  await change(`UPDATE sessions SET ${back} WHERE user_id = ?`, [person.id]);
  await change("UPDATE users SET role = 'staff' WHERE id = ?", [person.id]);
  expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
});

test("AZ-2: a user whom the database disabled is refused at the next request of each kind", async () => {
  const person = await newUser();
  const cookie = await signIn(app, person);
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [person.id]);
  const handler = await app.request("/api/session", withCookie(cookie));
  const page = await app.request("/dashboard", withCookie(cookie));
  const payload = await app.request(
    "/dashboard?_rsc",
    withCookie(cookie, { headers: { RSC: "1" } }),
  );
  expect([handler.status, page.header("location")]).toEqual([401, "/session/ended"]);
  expect(`${page.text}${payload.text}`).not.toContain(person.email);
});

test("AZ-2: a session that ended with its user's account does not come back with it", async () => {
  const person = await newUser();
  const cookie = await signIn(app, person);
  await change("UPDATE users SET status = 'disabled' WHERE id = ?", [person.id]);
  await app.request("/api/session", withCookie(cookie));
  const reason = async () =>
    (await rows("SELECT end_reason FROM sessions WHERE user_id = ?", [person.id]))[0]?.end_reason;
  await expect.poll(reason).toBe("user_disabled");
  await change("UPDATE users SET status = 'active' WHERE id = ?", [person.id]);
  expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
});

const NAMING = [
  ...["Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-Email"],
  ...["X-Auth-Request-User", "X-WebAuth-User", "X-Gatehouse-User", "X-User-Id"],
];

test("AZ-1: a header that names a user signs nobody in, and makes nobody another", async () => {
  const other = await newUser({ role: "admin" });
  const basic = Buffer.from(`${other.username}:${PASSWORD}`).toString("base64");
  const named = (name: string) => NAMING.map((header) => [header, name]);
  for (const who of [other.username, other.email, String(other.id)]) {
    const headers = { ...Object.fromEntries(named(who)), Authorization: `Basic ${basic}` };
    expect((await app.request("/api/session", { headers })).status).toBe(401);
    const { text } = await app.request("/api/session", withCookie(live, { headers }));
    expect(JSON.parse(text)).toMatchObject({ user: { username: user.username, role: "member" } });
  }
});

const HIDDEN = [
  "password_hash",
  "passwordHash",
  "$2b$",
  "gatehouse1",
  "username_key",
  "usernameKey",
  "email_key",
  "emailKey",
  "last_sign_in",
  "lastSignIn",
  "secretHash",
  "secret_hash",
  "formerSecret",
];

const SHOWN = ["/", "/dashboard", "/account/password", "/account/sessions", "/api/session"];

test.each([...SHOWN, "/api/sessions"])(
  "AZ-5: %s shows no field of a user that it has no use for",
  async (path) => {
    for (const headers of [{}, { RSC: "1" }]) {
      const { text, status } = await app.request(`${path}?_rsc`, withCookie(live, { headers }));
      expect(status).toBe(200);
      for (const name of HIDDEN) expect(text).not.toContain(name);
    }
  },
);

test("AZ-5: the JSON of a session has the promised fields and no other", async () => {
  const asking = postJson({ identifier: user.email, password: PASSWORD });
  for (const response of [
    await app.request("/api/session", withCookie(live)),
    await app.request("/api/session", asking),
  ]) {
    const body: { user: object; session: object } = JSON.parse(response.text);
    expect(Object.keys(body)).toEqual(["user", "session"]);
    expect(Object.keys(body.user)).toEqual(["id", "username", "email", "name", "role", "status"]);
    expect(Object.keys(body.session).sort()).toEqual([
      "absoluteExpiresAt",
      "expiresAt",
      "id",
      "lastActivityAt",
      "persistent",
      "signedInAt",
    ]);
  }
});

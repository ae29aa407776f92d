import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AddUserResponse,
  ChangeUserResponse,
  TemporaryPasswordResponse,
  UsersResponse,
} from "@/lib/api/user";
import { newUser } from "@/tests/helpers/people";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { makeProofOld } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, guardedRows, rows } from "@/tests/support/sql";

let app: SharedApp;
let admin: ApiUser;
let staff: ApiUser;
let member: ApiUser;

beforeAll(async () => {
  app = await sharedApp();
  admin = await apiUser(app, { role: "admin" });
  staff = await apiUser(app, { role: "staff" });
  member = await apiUser(app);
});

const USERS = "/api/admin/users";
let made = 0;
function person() {
  made += 1;
  return { username: `new.person${made}`, email: `new.person${made}@example.com` };
}
const userRow = async (id: number) =>
  (await rows("SELECT name, email, role, status, password_hash FROM users WHERE id = ?", [id]))[0];

describe("GET /api/admin/users", () => {
  test("AZ-5: finds by a part, with the promised fields alone", async () => {
    const { json, text } = await staff.get(`${USERS}?q=${member.username.slice(1)}`);
    const { users, nextCursor } = UsersResponse.parse(json());
    expect(users).toMatchObject([{ id: String(member.id), email: member.email, role: "member" }]);
    expect(nextCursor).toBeNull();
    expect(text).not.toMatch(/hash|password|\$2b\$/i);
  });

  test("goes page by page", async () => {
    const first = UsersResponse.parse((await staff.get(`${USERS}?limit=1`)).json());
    const next = `${USERS}?limit=1&cursor=${first.nextCursor}`;
    const second = UsersResponse.parse((await staff.get(next)).json());
    expect(first.users).toHaveLength(1);
    expect(second.users[0]?.id).not.toBe(first.users[0]?.id);
  });
});

describe("POST /api/admin/users", () => {
  test("adds somebody, who signs in with the password of the answer", async () => {
    const wanted = { ...person(), name: "New Person", role: "staff" };
    const response = await admin.send("POST", USERS, wanted);
    expect(response.status).toBe(201);
    const { user, password } = AddUserResponse.parse(response.json());
    expect(user).toMatchObject({ ...wanted, status: "active" });
    const credentials = { identifier: wanted.username, password };
    const signedIn = await member.send("POST", "/api/session", credentials);
    expect(signedIn.status).toBe(200);
    member = await apiUser(app, { user: member });
    expect(app.log()).not.toContain(password);
  });

  test("AU-17: the password of the answer is temporary", async () => {
    const { user } = AddUserResponse.parse((await admin.send("POST", USERS, person())).json());
    const [row] = await rows(
      "SELECT password_is_temporary, password_set_at > UTC_TIMESTAMP() - INTERVAL 1 MINUTE AS fresh FROM users WHERE id = ?",
      [Number(user.id)],
    );
    expect(row).toEqual({ password_is_temporary: 1, fresh: 1 });
  });

  test("AU-12: takes no field but its own", async () => {
    for (const [field, value] of Object.entries({
      status: "active",
      id: 1,
      passwordHash: "x",
      password: "chosen by somebody else",
      createdAt: "2020-01-01T00:00:00.000Z",
    })) {
      const { status, json } = await admin.send("POST", USERS, { ...person(), [field]: value });
      expect([field, status]).toEqual([field, 400]);
      expect(json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
    }
  });

  test.each<[string, object]>([
    ["username", { username: "a b" }],
    ["username", { username: "a@b" }],
    ["username", { username: "" }],
    ["username", { username: { $ne: 1 } }],
    ["email", { email: "nobody" }],
    ["name", { name: "a\nb" }],
    ["role", { role: "root" }],
  ])("a bad %s is 400 with a sentence beside it: %j", async (field, wrong) => {
    const { status, json } = await admin.send("POST", USERS, { ...person(), ...wrong });
    expect(status).toBe(400);
    expect(json()).toMatchObject({
      errors: { [field]: expect.arrayContaining([expect.any(String)]) },
    });
  });

  test("names the field that somebody has already", async () => {
    const { username } = member;
    const taken = await admin.send("POST", USERS, { ...person(), username });
    expect(taken.status).toBe(400);
    expect(taken.json()).toMatchObject({
      errors: { username: [expect.stringContaining("already")] },
    });
    const email = await admin.send("POST", USERS, {
      ...person(),
      email: member.email.toUpperCase(),
    });
    expect(email.json()).toMatchObject({ errors: { email: [expect.stringContaining("already")] } });
    const both = await admin.send("POST", USERS, { username, email: member.email });
    const already = [expect.stringContaining("already")];
    expect(both.json()).toMatchObject({ errors: { username: already, email: already } });
  });
});

describe("AU-17: POST /api/admin/users/{id}/password", () => {
  const set = (who: ApiUser, id: number | string) => who.send("POST", `${USERS}/${id}/password`);

  test("gives a temporary one, ends their sessions with the reason, and says who did it", async () => {
    const target = await apiUser(app);
    const response = await set(admin, target.id);
    expect(response.status).toBe(200);
    const { password } = TemporaryPasswordResponse.parse(response.json());
    expect((await target.get("/api/session")).status).toBe(401);
    const ends = await rows("SELECT end_reason FROM sessions WHERE user_id = ?", [target.id]);
    expect(ends.map(({ end_reason }) => end_reason)).toEqual(["password_changed"]);
    const [event] = await rows(
      "SELECT actor_id, detail FROM events WHERE user_id = ? AND type = 'password_changed'",
      [target.id],
    );
    expect(event).toMatchObject({ actor_id: admin.id, detail: { temporary: true } });
    const old = { identifier: target.username, password: target.password };
    expect((await app.request("/api/session", postJson(old))).status).toBe(401);
    const again = await apiUser(app, { user: { ...target, password } });
    expect((await again.get("/api/session")).json()).toMatchObject({
      type: "urn:gatehouse:password-change-required",
    });
    expect(app.log()).not.toContain(password);
  });

  test("nobody gives one to themselves, to nobody, or without role and proof", async () => {
    const target = await newUser();
    const late = await apiUser(app, { role: "admin" });
    await makeProofOld(late);
    const before = await userRow(target.id);
    expect((await set(admin, admin.id)).status).toBe(403);
    expect((await set(admin, 999_999_999)).status).toBe(404);
    expect((await set(staff, target.id)).status).toBe(403);
    expect((await set(member, target.id)).status).toBe(404);
    expect((await set(late, target.id)).json()).toMatchObject({
      type: "urn:gatehouse:reauthentication-required",
    });
    expect(await userRow(target.id)).toEqual(before);
    expect((await admin.get("/api/session")).status).toBe(200);
  });
});

describe("PATCH /api/admin/users/{id}", () => {
  test("changes what it is given and leaves the rest", async () => {
    const target = await newUser();
    const { status, json } = await admin.send("PATCH", `${USERS}/${target.id}`, { role: "staff" });
    expect(status).toBe(200);
    const { user } = ChangeUserResponse.parse(json());
    expect(user).toEqual({
      id: String(target.id),
      username: target.username,
      email: target.email,
      name: target.name,
      role: "staff",
      status: "active",
    });
    expect(await userRow(target.id)).toMatchObject({ name: target.name, role: "staff" });
  });

  test("TE-6: disabling ends the sessions at once; enabling brings none back", async () => {
    const target = await apiUser(app);
    const set = (status: string) => admin.send("PATCH", `${USERS}/${target.id}`, { status });
    expect((await set("disabled")).status).toBe(200);
    expect((await target.get("/api/session")).status).toBe(401);
    expect((await set("active")).json()).toMatchObject({ user: { status: "active" } });
    expect((await target.get("/api/session")).status).toBe(401);
  });

  test("AU-12: takes no field but its own", async () => {
    const target = await newUser();
    const before = await userRow(target.id);
    for (const field of [
      "username",
      "id",
      "password",
      "passwordHash",
      "lastSignInAt",
      "__proto__x",
    ]) {
      const { status } = await admin.send("PATCH", `${USERS}/${target.id}`, {
        [field]: "x",
        name: "y",
      });
      expect([field, status]).toEqual([field, 400]);
    }
    expect(await userRow(target.id)).toEqual(before);
  });

  test("AU-6: nobody demotes or disables themselves: 400 beside the field", async () => {
    for (const [field, value] of [
      ["role", "member"],
      ["status", "disabled"],
    ] as const) {
      const { status, json } = await admin.send("PATCH", `${USERS}/${admin.id}`, {
        [field]: value,
      });
      expect(status).toBe(400);
      expect(json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
    }
    expect((await admin.get("/api/session")).json()).toMatchObject({ user: { role: "admin" } });
  });

  test("nobody of that id is 404", async () => {
    for (const id of ["999999999", "0", "x", "1%20", "9".repeat(20)])
      expect((await admin.send("PATCH", `${USERS}/${id}`, { name: "x" })).status).toBe(404);
  });
});

describe("AZ-4: a change is an administrator's", () => {
  const tries = (who: ApiUser) => [
    who.send("POST", USERS, person()),
    who.send("PATCH", `${USERS}/${who.id}`, { role: "admin" }),
  ];
  const refused = async (who: ApiUser) => {
    const before = await guardedRows();
    const responses = await Promise.all(tries(who));
    expect(await guardedRows()).toEqual(before);
    return responses.map(({ status }) => status);
  };

  test("staff are refused with 403, also for themselves", async () => {
    expect(await refused(staff)).toEqual([403, 403]);
  });

  test("to a member it does not exist, also for themselves", async () => {
    expect(await refused(member)).toEqual([404, 404]);
  });

  test("AU-10: without a fresh proof it is asked for", async () => {
    const late = await apiUser(app, { role: "admin" });
    await makeProofOld(late);
    for (const response of await Promise.all(tries(late)))
      expect(response.json()).toMatchObject({ type: "urn:gatehouse:reauthentication-required" });
  });
});

test("CS-4: a body must be JSON, of 64 KiB at most", async () => {
  const ask = (headers: Record<string, string>, body: string) =>
    app.request(
      USERS,
      withCookie(admin.cookie, { method: "POST", headers: { ...FROM_HERE, ...headers }, body }),
    );
  const type = { "Content-Type": "application/json" };
  const statuses = [
    await ask({ "Content-Type": "text/plain" }, JSON.stringify(person())),
    await ask(type, JSON.stringify({ ...person(), name: "x".repeat(65_536) })),
    await ask(type, '{"username": '),
    await ask(type, "[]"),
  ].map(({ status }) => status);
  expect(statuses).toEqual([415, 413, 400, 400]);
});

describe("where somebody converted the tables to latin1", () => {
  const TABLES = ["users", "events", "throttle"];
  const convertTo = async (letters: string) => {
    for (const table of TABLES)
      await change(`ALTER TABLE ${table} CONVERT TO CHARACTER SET ${letters}`);
  };
  beforeAll(() => convertTo("latin1"));
  afterAll(() => convertTo("utf8mb4 COLLATE utf8mb4_bin"));

  const EMOJI = "Ada 🐝";
  const UNSTORABLE = {
    status: 400,
    title: "Bad request",
    detail: expect.stringContaining("no room for some of these characters, such as emoji"),
  };

  test("letters that they have no room for are 400, and nothing is kept of them", async () => {
    const before = await userRow(member.id);
    const added = await admin.send("POST", USERS, { ...person(), name: EMOJI });
    expect(added.json()).toMatchObject(UNSTORABLE);
    const changed = await admin.send("PATCH", `${USERS}/${member.id}`, { name: EMOJI });
    expect(changed.json()).toMatchObject(UNSTORABLE);
    expect([added.status, changed.status]).toEqual([400, 400]);
    expect(await userRow(member.id)).toEqual(before);
    expect(await rows("SELECT id FROM users WHERE name LIKE 'Ada %'")).toEqual([]);
    expect(app.log()).toContain("Incorrect string value");
  });

  test("a search for them is 400, too, and a sign-in with them as wrong as any other", async () => {
    const found = await staff.get(`${USERS}?q=${encodeURIComponent(EMOJI)}`);
    expect(found.json()).toMatchObject(UNSTORABLE);
    const wrong = { identifier: "🐝@example.com", password: "not the password of anybody" };
    const response = await app.request("/api/session", postJson(wrong));
    expect(response.status).toBe(401);
  });

  test("letters that they have are kept", async () => {
    const { status } = await admin.send("PATCH", `${USERS}/${member.id}`, { name: "Zoë" });
    expect(status).toBe(200);
    expect(await userRow(member.id)).toMatchObject({ name: "Zoë" });
  });
});

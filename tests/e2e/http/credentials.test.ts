import { afterAll, beforeAll, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { alertIn, hiddenFields, multipart } from "@/tests/support/forms";
import type { RawResponse } from "@/tests/support/raw-request";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

let app: RunningApp;
let form: [string, string][];
let active: TestUser;
let disabled: TestUser;
let wrong: { api: RawResponse; form: RawResponse };

beforeAll(async () => {
  app = await startApp({ LOG_LEVEL: "trace" });
  form = hiddenFields((await app.request("/sign-in")).text, "Sign in");
  active = await newUser({ password: "the right one of a user" });
  disabled = await newUser({ status: "disabled", password: "the right one of a guest" });
  const credentials = { identifier: active.username, password: "a wrong one" };
  wrong = { api: await byApi(credentials), form: await byForm(credentials) };
});

afterAll(() => app.stop());

const byApi = (body: unknown) => app.request("/api/session", postJson(body));

function byForm(fields: Record<string, string>): Promise<RawResponse> {
  const { headers, body } = multipart([...form, ...Object.entries(fields)]);
  return app.request("/sign-in", { method: "POST", headers: { ...headers, ...FROM_HERE }, body });
}

/** Every way of not being let in. */
const FAILURES: [string, () => { identifier: string; password: string }][] = [
  ["a wrong password", () => ({ identifier: active.username, password: "wrong" })],
  ["an unknown user", () => ({ identifier: `no${active.username}`, password: "wrong" })],
  [
    "a disabled user's right password",
    () => ({ identifier: disabled.email, password: disabled.password }),
  ],
  [
    "a password that is too long",
    () => ({ identifier: active.username, password: "x".repeat(257) }),
  ],
  ["a name with a NUL in it", () => ({ identifier: "a\0b", password: "wrong" })],
];

test.each(FAILURES)(
  "AU-1: by the API, %s looks like every other failure",
  async (_, credentials) => {
    const response = await byApi(credentials());
    expect([response.status, response.text]).toEqual([401, wrong.api.text]);
    expect(Object.keys(response.headers)).toEqual(Object.keys(wrong.api.headers));
  },
);

test.each(FAILURES)(
  "AU-1: by the form, %s looks like every other failure",
  async (_, credentials) => {
    const { identifier, password } = credentials();
    const response = await byForm({ identifier, password });
    expect(response.status).toBe(wrong.form.status);
    expect(Object.keys(response.headers)).toEqual(Object.keys(wrong.form.headers));
    expect(alertIn(response.text)).toBe(alertIn(wrong.form.text));
    expect(alertIn(response.text)).toContain("don’t match");
  },
);

test("conformance/django-auth/test_username_field_autocapitalize_none: no keyboard changes what is typed for a name", async () => {
  const { text } = await app.request("/sign-in");
  const field = /<input[^>]*name="identifier"[^>]*>/.exec(text)?.[0];
  for (const attribute of [
    'autoCapitalize="none"',
    'autoComplete="username"',
    'spellCheck="false"',
  ])
    expect(field?.toLowerCase()).toContain(attribute.toLowerCase());
});

test("AU-1: the log of events alone tells the causes apart", async () => {
  await byApi({ identifier: disabled.username, password: disabled.password });
  const found = await rows("SELECT detail FROM events WHERE user_id = ? ORDER BY id DESC LIMIT 1", [
    disabled.id,
  ]);
  expect(JSON.stringify(found)).toContain("disabled");
});

const EXTRA: [string, unknown][] = [
  ["role", "admin"],
  ["status", "active"],
  ["userId", 1],
  ["id", "1"],
  ["persistent", true],
  ["expiresAt", "2999-01-01T00:00:00.000Z"],
  ["verified", true],
  ["__proto__x", {}],
];

test.each(EXTRA)(
  "AU-12: by the API, a field %s beside the known ones is refused by name",
  async (field, value) => {
    const user = await newUser();
    const response = await byApi({ identifier: user.username, password: PASSWORD, [field]: value });
    expect([response.status, response.setCookies]).toEqual([400, []]);
    expect(response.json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
  },
);

test.each(EXTRA)("AU-12: by the form, a field %s changes nothing", async (field, value) => {
  const user = await newUser();
  const before = await userRow(user);
  const fields = { identifier: user.username, password: PASSWORD, [field]: String(value) };
  expect((await byForm(fields)).header("location")).toBe("/dashboard");
  expect(await userRow(user)).toEqual(before);
  const [session] = await rows(
    "SELECT persistent, TIMESTAMPDIFF(DAY, created_at, absolute_expires_at) AS days FROM sessions WHERE user_id = ?",
    [user.id],
  );
  expect(session).toEqual({ persistent: 0, days: 90 });
});

const WRONG_TYPES: [string, object][] = [
  ["identifier", { identifier: { $ne: null } }],
  ["identifier", { identifier: ["a"] }],
  ["password", { password: 1 }],
  ["password", { password: "" }],
  ["password", { password: "x".repeat(2000) }],
  ["remember", { remember: "yes" }],
];

test.each(WRONG_TYPES)("AU-12: %s as %j is refused by name", async (field, part) => {
  const response = await byApi({ identifier: active.username, password: "x", ...part });
  expect(response.status).toBe(400);
  expect(response.json()).toMatchObject({ errors: { [field]: [expect.any(String)] } });
});

test.each(["null", "[]", '"text"', "1", "{", "", '{"identifier":'])(
  "AU-12: the body %s is refused as a problem",
  async (body) => {
    const headers = { ...FROM_HERE, "Content-Type": "application/json" };
    const response = await app.request("/api/session", { method: "POST", headers, body });
    expect(response.status).toBe(400);
    expect(response.json()).toMatchObject({ status: 400, errors: { body: [expect.any(String)] } });
  },
);

test("PW-11: a password is in no log, no answer and no row", async () => {
  const canary = `canary ${crypto.randomUUID()}`;
  const user = await newUser({ password: canary });
  const name = user.username;
  const headers = { ...FROM_HERE, "Content-Type": "application/json" };
  const broken = `{"identifier":"${name}","password":"${canary}`;
  const responses = [
    await byApi({ identifier: name, password: canary }),
    await byForm({ identifier: name, password: canary }),
    await byApi({ identifier: `no${name}`, password: canary }),
    await byForm({ identifier: `no${name}`, password: canary }),
    await byApi({ identifier: name, password: canary, role: "admin" }),
    await byApi({ identifier: name, password: canary.repeat(40) }),
    await byForm({ identifier: name, password: canary.repeat(40) }),
    await byApi({ identifier: name, password: [canary] }),
    await app.request("/api/session", { method: "POST", headers, body: broken }),
    await app.request("/api/session", { method: "POST", headers, body: `${canary}` }),
    await app.request("/api/session", { method: "POST", body: broken }),
    await app.request("/sign-in", { method: "POST", headers, body: broken }),
  ];
  await change("RENAME TABLE users TO mislaid");
  try {
    responses.push(await byApi({ identifier: name, password: canary }));
    responses.push(await byForm({ identifier: name, password: canary }));
  } finally {
    await change("RENAME TABLE mislaid TO users");
  }
  expect(responses.slice(0, 2).map(({ status }) => status)).toEqual([200, 303]);
  expect(responses.slice(-2).map(({ status }) => status)).toEqual([500, 500]);
  const stored = [
    await rows("SELECT * FROM events"),
    await rows("SELECT * FROM sessions"),
    await rows("SELECT * FROM users"),
  ];
  const said = responses.map(({ text, headers: sent }) => [text, sent]);
  const everything = JSON.stringify([said, stored]) + app.log();
  expect(everything).toContain(name);
  const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString("base64")];
  for (const form of forms) expect(everything).not.toContain(form.slice(0, 40));
});

async function userRow({ id }: TestUser) {
  const [row] = await rows("SELECT * FROM users WHERE id = ?", [id]);
  return { ...row, last_sign_in_at: "as it may be" };
}

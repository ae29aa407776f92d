import { beforeAll, expect, test } from "vitest";
import { openSeal } from "@/lib/session/cookie";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, guardedRows, idBytes, rows } from "@/tests/support/sql";
import { newVisitor, type Visitor } from "@/tests/support/visitor";

let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp();
});

async function byApi(visitor: Visitor, { username, password }: TestUser): Promise<void> {
  await visitor.ask("/api/session", postJson({ identifier: username, password }));
}

// The sign-in page sends on who is signed in already, so its form was opened before that.
async function byForm(visitor: Visitor, { username, password }: TestUser): Promise<void> {
  const page = await app.request("/sign-in");
  const form = multipart([
    ...hiddenFields(page.text, "Sign in"),
    ["identifier", username],
    ["password", password],
  ]);
  const headers = { ...form.headers, ...FROM_HERE };
  await visitor.ask("/sign-in", { method: "POST", headers, body: form.body });
}

const sameUser = async (user: TestUser) => user;
const otherUser = () => newUser();

const CASES: [string, string, typeof byApi, (user: TestUser) => Promise<TestUser>][] = [
  ["the same user", "the API", byApi, sameUser],
  ["the same user", "the form", byForm, sameUser],
  ["another user", "the API", byApi, otherUser],
  ["another user", "the form", byForm, otherUser],
];

/** A browser in which one user signed in and then, over that session, `again` did. */
async function signedInTwice(again: (user: TestUser) => Promise<TestUser>, way: typeof byApi) {
  const first = await newUser();
  const visitor = newVisitor(app);
  visitor.jar.set("session", (await signIn(app, first)).slice("session=".length));
  const before = visitor.jar.get("session") ?? "";
  const second = await again(first);
  await way(visitor, second);
  const after = visitor.jar.get("session") ?? "";
  return { before, after, second };
}

test.each(CASES)(
  "RO-1: %s signing in by %s over a session gets a new id and a new secret",
  async (_, __, way, again) => {
    const { before, after } = await signedInTwice(again, way);
    const [old, made] = [await openSeal(before), await openSeal(after)];
    expect(made?.sessionId).not.toBe(old?.sessionId);
    expect(made?.secret).not.toBe(old?.secret);
  },
);

test.each(CASES)(
  "RO-1: %s signing in by %s over a session ends that one",
  async (_, __, way, again) => {
    const { before, after, second } = await signedInTwice(again, way);
    const old = await app.request("/api/session", withCookie(`session=${before}`));
    const made = await app.request("/api/session", withCookie(`session=${after}`));
    expect([old.status, made.status]).toEqual([401, 200]);
    expect(made.text).toContain(`"${second.username}"`);
    const [row] = await rowsOf(before);
    expect([row?.end_reason, row?.secret_hash]).toEqual(["signed_out", null]);
  },
);

test("RO-1: a sign-in that fails leaves the session that it came with alone", async () => {
  const cookie = await signIn(app, await newUser());
  const asking = postJson(
    { identifier: "nobody", password: "x" },
    { ...FROM_HERE, Cookie: cookie },
  );
  expect((await app.request("/api/session", asking)).status).toBe(401);
  expect((await app.request("/api/session", withCookie(cookie))).status).toBe(200);
});

test.each(CASES)(
  "RO-2: %s signing in by %s over a session finds nothing of its data",
  async (_, __, way, again) => {
    const first = await newUser();
    const visitor = newVisitor(app);
    visitor.jar.set("session", (await signIn(app, first)).slice("session=".length));
    await change("UPDATE sessions SET data = ? WHERE user_id = ?", ['{"basket":[1]}', first.id]);
    await way(visitor, await again(first));
    const [row] = await rowsOf(visitor.jar.get("session") ?? "");
    expect(JSON.parse(JSON.stringify(row?.data))).toEqual({});
  },
);

test("RO-6: another site cannot sign a visitor in by the API", async () => {
  const { username, password } = await newUser();
  const victim = await signIn(app, await newUser());
  const before = await guardedRows();
  const headers = { "Sec-Fetch-Site": "cross-site", Cookie: victim };
  const { status, setCookies } = await app.request(
    "/api/session",
    postJson({ identifier: username, password }, headers),
  );
  expect([status, setCookies]).toEqual([403, []]);
  expect(await guardedRows()).toEqual(before);
});

test("RO-6: another site cannot sign a visitor in by the form", async () => {
  const { username, password } = await newUser();
  const victim = await signIn(app, await newUser());
  const page = await app.request("/sign-in");
  const form = multipart([
    ...hiddenFields(page.text, "Sign in"),
    ["identifier", username],
    ["password", password],
  ]);
  const before = await guardedRows();
  const headers = { ...form.headers, "Sec-Fetch-Site": "cross-site", Cookie: victim };
  const response = await app.request("/sign-in", { method: "POST", headers, body: form.body });
  expect([response.status, response.setCookies]).toEqual([403, []]);
  expect(await guardedRows()).toEqual(before);
});

async function rowsOf(seal: string) {
  const token = await openSeal(seal);
  return rows("SELECT * FROM sessions WHERE id = ?", [idBytes(token?.sessionId ?? "")]);
}

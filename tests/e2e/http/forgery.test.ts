import { beforeAll, describe, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { FORGED } from "@/tests/support/forged-headers";
import { actionId, hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { guardedRows } from "@/tests/support/sql";

type Headers = Record<string, string | string[]>;

let app: SharedApp;
let user: TestUser;
let cookie: string;
let opened: { signIn: string; home: string };

beforeAll(async () => {
  app = await sharedApp();
  user = await newUser();
  cookie = await signIn(app, user);
  const home = await app.request("/", withCookie(cookie));
  opened = { signIn: (await app.request("/sign-in")).text, home: home.text };
});

const credentials = () => ({ identifier: user.username, password: user.password });

function signInForm(headers: Headers): Promise<RawResponse> {
  const fields = [...hiddenFields(opened.signIn, "Sign in"), ...Object.entries(credentials())];
  const form = multipart(fields);
  return app.request("/sign-in", {
    method: "POST",
    headers: { ...form.headers, ...headers },
    body: form.body,
  });
}

/** As the script of the page calls the action: the arguments are the state and the form's fields. */
function signInScript(headers: Headers): Promise<RawResponse> {
  const state = { error: null, identifier: "", attempt: 0 };
  const fields = Object.entries(credentials()).map(
    ([name, value]) => [`_1_${name}`, value] as const,
  );
  const form = multipart([...fields, ["0", JSON.stringify([state, "$K1"])]]);
  const id = actionId(opened.signIn, "Sign in");
  return app.request("/sign-in", {
    method: "POST",
    headers: { ...form.headers, "Next-Action": id, ...headers },
    body: form.body,
  });
}

function signOutForm(headers: Headers): Promise<RawResponse> {
  const form = multipart(hiddenFields(opened.home, "Sign out"));
  const sent = { ...form.headers, Cookie: cookie, ...headers };
  return app.request("/", { method: "POST", headers: sent, body: form.body });
}

function signOutScript(headers: Headers): Promise<RawResponse> {
  const action = { "Next-Action": actionId(opened.home, "Sign out"), Cookie: cookie };
  const type = { "Content-Type": "text/plain;charset=UTF-8" };
  return app.request("/", {
    method: "POST",
    headers: { ...type, ...action, ...headers },
    body: "[]",
  });
}

const signInApi = (headers: Headers) =>
  app.request("/api/session", postJson(credentials(), headers));

const signOutApi = (headers: Headers) =>
  app.request("/api/session", { method: "DELETE", headers: { Cookie: cookie, ...headers } });

const SIGN_INS: [string, typeof signInForm][] = [
  ["the sign-in form", signInForm],
  ["the sign-in script", signInScript],
  ["POST /api/session", signInApi],
];

const CHANGES: [string, typeof signInForm][] = [
  ...SIGN_INS,
  ["the sign-out form", signOutForm],
  ["the sign-out script", signOutScript],
  ["DELETE /api/session", signOutApi],
];

const evil = "https://evil.example";

describe.each(CHANGES)("%s", (_, ask) => {
  test.each(FORGED)("%s: is refused with %s, and nothing changes", async (_id, _words, headers) => {
    const before = await guardedRows();
    const response = await ask(headers(new URL(app.origin)));
    expect(response.status).toBe(403);
    expect(response.setCookies).toEqual([]);
    expect(await guardedRows()).toEqual(before);
  });

  test("CS-6: its refusal says in words what is wrong and how to mend it", async () => {
    const { text } = await ask({ Origin: evil });
    expect(text).toContain("did not come from a page of this site");
    expect(text).toContain(`APP_URL is ${app.origin}, and the browser named ${evil}`);
  });

  test("CS-6: its refusal varies by what it was judged by", async () => {
    const vary = (await ask({ Origin: evil }))
      .header("vary")
      .toLowerCase()
      .split(/\s*,\s*/);
    expect(vary).toEqual(expect.arrayContaining(["origin", "sec-fetch-site", "cookie"]));
  });

  test("CS-6: its refusal is one line of the log, with the path", async () => {
    const origin = `https://${crypto.randomUUID()}.example`;
    await ask({ Origin: `${origin}"\\n{"level":60}` });
    await expect.poll(() => app.log()).toContain(origin);
    const lines = app
      .log()
      .split("\n")
      .filter((line) => line.includes(origin));
    expect(lines).toHaveLength(1);
    const entry: unknown = JSON.parse(lines[0] ?? "");
    expect(entry).toMatchObject({ level: 40, path: expect.stringMatching(/^\//) });
  });
});

// Without these, a door that is always shut would pass all of the above.
const HONEST: [string, () => Headers][] = [
  ["Sec-Fetch-Site: same-origin", () => FROM_HERE],
  ["our own Origin alone", () => ({ Origin: app.origin })],
  ["same-origin and our own Origin", () => ({ ...FROM_HERE, Origin: app.origin })],
  [
    "another name of this machine",
    () => ({ ...FROM_HERE, Origin: app.origin.replace("localhost", "127.0.0.1") }),
  ],
  ["same-origin, whatever X-Forwarded-Host", () => ({ ...FROM_HERE, "X-Forwarded-Host": "x" })],
];

describe.each(SIGN_INS)("%s", (_, ask) => {
  test.each(HONEST)("CS-1: signs in with %s", async (_words, headers) => {
    const response = await ask(headers());
    expect([200, 303]).toContain(response.status);
    const [pair = ""] = (response.setCookies[0] ?? "").split(";");
    expect((await app.request("/api/session", withCookie(pair))).status).toBe(200);
  });
});

describe.each(CHANGES.slice(SIGN_INS.length))("%s", (_, ask) => {
  test.each(HONEST)("CS-1: signs out with %s", async (_words, headers) => {
    const own = await signIn(app, user);
    await ask({ ...headers(), Cookie: own });
    expect((await app.request("/api/session", withCookie(own))).status).toBe(401);
  });
});

const TYPES = [
  "text/plain",
  "text/plain;application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=application/json",
  "application/json-patch+json",
  "application/xml",
  "",
];

test.each(TYPES)("CS-4: a body of the type %j is 415, even from our own page", async (type) => {
  const before = await guardedRows();
  const headers = { ...FROM_HERE, "Content-Type": type };
  const response = await app.request("/api/session", postJson(credentials(), headers));
  expect(response.status).toBe(415);
  expect(response.json()).toMatchObject({ status: 415, title: "Unsupported media type" });
  expect(await guardedRows()).toEqual(before);
});

test("CS-4: a body without a type is 415", async () => {
  const body = JSON.stringify(credentials());
  const asking = { method: "POST", headers: FROM_HERE, body };
  expect((await app.request("/api/session", asking)).status).toBe(415);
});

test.each(["application/json", "Application/JSON; charset=utf-8"])(
  "CS-4: %s is taken",
  async (type) => {
    const headers = { ...FROM_HERE, "Content-Type": type };
    expect((await app.request("/api/session", postJson(credentials(), headers))).status).toBe(200);
  },
);

test.each(["GET", "OPTIONS", "POST"])(
  "CS-7: no other origin may read an answer to %s",
  async (method) => {
    const { pages, handlers } = builtRoutes();
    for (const path of [...pages, ...handlers]) {
      const headers = { Origin: evil, "Access-Control-Request-Method": "DELETE", Cookie: cookie };
      const response = await app.request(path, { method, headers });
      const cors = Object.keys(response.headers).filter((name) =>
        name.startsWith("access-control-"),
      );
      expect([path, cors]).toEqual([path, []]);
    }
  },
);

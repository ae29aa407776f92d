import { beforeAll, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let user: TestUser;
let cookie: string;
let hidden: [string, string][];

beforeAll(async () => {
  app = await sharedApp();
  user = await newUser();
  cookie = await signIn(app, user);
  hidden = hiddenFields((await app.request("/sign-in")).text, "Sign in");
});

test("RD-3: the sign-in page sends on who is signed in", async () => {
  const path = "/sign-in?returnTo=%2Fdashboard%3Fx%3D1";
  const response = await app.request(path, withCookie(cookie));
  expect([response.status, response.header("location")]).toEqual([303, "/dashboard?x=1"]);
});

test("RD-3: the sign-in page keeps who only has a cookie", async () => {
  const response = await app.request("/sign-in", withCookie("session=garbage"));
  expect(response.header("location")).toBe("/session/ended");
});

test("RD-3: the sign-in page as its own goal is dropped", async () => {
  const { text } = await app.request("/sign-in?returnTo=/sign-in");
  expect(new Map(hiddenFields(text, "Sign in")).get("returnTo")).toBe("/dashboard");
});

test("RD-4: a guarded page redirects with 303, with and without the row's word", async () => {
  const dead = await signIn(app, user);
  await app.request("/api/session", withCookie(dead, { method: "DELETE", headers: FROM_HERE }));
  for (const sent of ["session=garbage", dead])
    expect((await app.request("/dashboard", withCookie(sent))).status).toBe(303);
  expect((await app.request("/dashboard")).status).toBe(303);
});

test.each([
  "/nothing",
  "/nothing/here",
  "/accounts",
  "/admin/nothing",
  "/dashboard/more",
  "/session/x",
])("RD-7: %s, which no route matches, is a 404 for strangers, too", async (path) => {
  for (const sent of [{}, { Cookie: "session=garbage" }, { Cookie: cookie }]) {
    const response = await app.request(path, { headers: sent });
    expect([response.status, response.header("location")]).toEqual([404, ""]);
    expect(response.header("cache-control")).toContain("no-store");
  }
});

test.each(["/admin/users/1", "/admin/users/999999999", "/admin/sessions/x", "/account"])(
  "RD-7: what %s matches leads a stranger to the sign-in, whether or not the row is there",
  async (path) => {
    const response = await app.request(path);
    expect(response.header("location")).toBe(`/sign-in?returnTo=${encodeURIComponent(path)}`);
  },
);

test("RD-4: a guarded handler answers 401 as a problem, and never a redirect", async () => {
  for (const sent of ["session=none", "session=garbage"]) {
    const response = await app.request("/api/session", withCookie(sent));
    expect([response.status, response.header("location")]).toEqual([401, ""]);
    expect(response.json()).toMatchObject({ type: "about:blank", status: 401 });
  }
});

test("RD-4: a sign-in that fails says so in the form, with what was typed but the password", async () => {
  const form = multipart([...hidden, ["identifier", "nobody"], ["password", "not this one"]]);
  const headers = { ...form.headers, ...FROM_HERE };
  const response = await app.request("/sign-in", { method: "POST", headers, body: form.body });
  expect(response.status).toBe(200);
  expect(response.text).toContain("don’t match");
  expect(response.text).toContain('value="nobody"');
  expect(response.text).not.toContain("not this one");
});

test("RD-4: a form whose page sends on is never sent again to where that leads", async () => {
  const form = multipart([...hidden, ["identifier", "nobody"], ["password", "wrong"]]);
  for (const sent of [cookie, "session=garbage"]) {
    const headers = { ...form.headers, ...FROM_HERE, Cookie: sent };
    const response = await app.request("/sign-in", { method: "POST", headers, body: form.body });
    expect(response.status).toBe(303);
  }
});

const FROM_ELSEWHERE = {
  Host: "evil.example",
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Port": "4443",
  "X-Original-URL": "https://evil.example/",
  Forwarded: "host=evil.example;proto=https",
};

const PLACES = [
  "/",
  "/sign-in",
  "/dashboard",
  "//dashboard",
  "/dashboard/",
  "/session/ended",
  "/nothing",
  "/api/session",
  "/unavailable",
];

test.each(PLACES)(
  "RD-5: the host that a client names is nowhere in the answer of %s",
  async (path) => {
    for (const sent of ["", cookie, "session=garbage"]) {
      const headers = { ...FROM_ELSEWHERE, ...(sent ? { Cookie: sent } : {}) };
      const response = await app.request(path, { headers });
      expect(JSON.stringify(response.headers)).not.toMatch(/evil|4443/);
      expect(response.text).not.toMatch(/evil|4443/);
    }
  },
);

test("RD-5: the host that a client names is nowhere in the answer of a sign-in", async () => {
  const form = multipart([...hidden, ["identifier", user.username], ["password", user.password]]);
  const headers = { ...form.headers, ...FROM_HERE, ...FROM_ELSEWHERE };
  const response = await app.request("/sign-in", { method: "POST", headers, body: form.body });
  expect([response.status, response.header("location")]).toEqual([303, "/dashboard"]);
  expect(`${JSON.stringify(response.headers)}${response.text}`).not.toContain("evil");
});

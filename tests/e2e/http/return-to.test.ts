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

/** Values that lead elsewhere, in circles, or to nothing that a person could want. */
const REFUSED = [
  "",
  "dashboard",
  "https://evil.example/",
  "HTTPS://EVIL.EXAMPLE",
  "http:evil.example",
  "http:/evil.example",
  "http:///evil.example",
  "//evil.example",
  "//evil.example/dashboard",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\n//evil.example",
  "\t//evil.example",
  " //evil.example",
  "/./\\evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "/x/..//evil.example",
  "/x/%2e%2e//evil.example",
  "//user:secret@evil.example/",
  "//evil.example:3000/",
  "//localhost@evil.example",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "ftp://evil.example",
  "file:///etc/passwd",
  "?returnTo=//evil.example",
  "#//evil.example",
  "//[::1]/",
  "/sign-in",
  "/sign-in?returnTo=/sign-in",
  "/sign-in/",
  "/SIGN-IN",
  "/x/../sign-in",
  "/session/ended",
  "/unavailable?returnTo=/dashboard",
  "/api/session",
  `/${"x".repeat(3000)}`,
];

/** Paths of ours, which are kept letter by letter. */
const KEPT = [
  "/",
  "/dashboard",
  "/dashboard?tab=devices",
  "/dashboard?a=1&b=2&a=3",
  "/dashboard#this-session",
  "/dashboard?a=1#b?c",
  "/deep/er/page",
  "/search?q=https://evil.example/",
  "/search?next=//evil.example",
  "/a%20b/%C3%A9",
  "/sign-in-help",
  "/@user",
  "/a:b",
];

/** Signs in with the form and gives where that leads. */
async function afterSignIn(returnTo: string): Promise<string> {
  const form = multipart([
    ...hidden.filter(([name]) => name !== "returnTo"),
    ["returnTo", returnTo],
    ["identifier", user.username],
    ["password", user.password],
  ]);
  const headers = { ...form.headers, ...FROM_HERE };
  const response = await app.request("/sign-in", { method: "POST", headers, body: form.body });
  expect(response.status).toBe(303);
  expect(response.setCookies.some((line) => line.startsWith("session="))).toBe(true);
  return response.header("location");
}

/** Opens the sign-in page while signed in and gives where that leads. */
async function whenSignedIn(returnTo: string): Promise<string> {
  const query = new URLSearchParams({ returnTo });
  const response = await app.request(`/sign-in?${query}`, withCookie(cookie));
  expect([response.status, response.setCookies]).toEqual([303, []]);
  return response.header("location");
}

test.each(REFUSED)("RD-1: sign-in with returnTo %j leads to the dashboard", async (returnTo) => {
  expect(await afterSignIn(returnTo)).toBe("/dashboard");
});

test.each(KEPT)("RD-1: sign-in with returnTo %j leads there", async (returnTo) => {
  expect(await afterSignIn(returnTo)).toBe(returnTo);
});

test.each(REFUSED)(
  "RD-1: who is signed in goes from returnTo %j to the dashboard",
  async (returnTo) => {
    expect(await whenSignedIn(returnTo)).toBe("/dashboard");
  },
);

test.each(KEPT)("RD-1: who is signed in goes on to returnTo %j", async (returnTo) => {
  expect(await whenSignedIn(returnTo)).toBe(returnTo);
});

test("RD-1: of several values of returnTo none is believed", async () => {
  const path = "/sign-in?returnTo=/&returnTo=//evil.example";
  expect((await app.request(path, withCookie(cookie))).header("location")).toBe("/dashboard");
});

test("RD-1: the way of an ended session does not lead elsewhere either", async () => {
  const query = new URLSearchParams({ returnTo: "//evil.example" });
  const live = await app.request(`/session/ended?${query}`, withCookie(cookie));
  const none = await app.request(`/session/ended?${query}`);
  expect([live.header("location"), none.header("location")]).toEqual(["/dashboard", "/sign-in"]);
});

test("RD-1: the page of an outage does not lead elsewhere either", async () => {
  const query = new URLSearchParams({ returnTo: "//evil.example" });
  const { text, headers } = await app.request(`/unavailable?${query}`);
  expect(headers.refresh).toBe("5;url=/dashboard");
  expect(text.match(/href="[^"]*evil/)).toBeNull();
});

test("RD-1: a guarded address asks for the way back to it, query included", async () => {
  const response = await app.request("/dashboard?a=1&b=%2F%2Fx");
  const query = new URLSearchParams({ returnTo: "/dashboard?a=1&b=%2F%2Fx" });
  expect(response.header("location")).toBe(`/sign-in?${query}`);
});

const DOUBLED = ["//evil.example", "///evil.example/x", "/\\evil.example", "//evil.example/%2e%2e"];

test.each(DOUBLED)("RD-1: the address %s itself leads nowhere else", async (path) => {
  for (const sent of ["", cookie]) {
    const response = await app.request(path, sent ? withCookie(sent) : {});
    const location = new URL(response.header("location") || "/", app.origin);
    expect(location.origin).toBe(app.origin);
    expect(response.header("refresh")).not.toMatch(/url=\/[/\\]/);
  }
});

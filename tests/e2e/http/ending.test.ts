import { beforeAll, expect, test } from "vitest";
import { LINK_PATHS } from "@/lib/request/mailed-links";
import type { Role } from "@/lib/roles";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, guardedRows, rows } from "@/tests/support/sql";
import { newVisitor, type Visitor } from "@/tests/support/visitor";

let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp();
});

async function signedIn(
  role: Role = "member",
): Promise<{ visitor: Visitor; cookie: string; user: TestUser }> {
  const user = await newUser({ role });
  const visitor = newVisitor(app);
  const cookie = await signIn(app, user);
  visitor.jar.set("session", cookie.slice("session=".length));
  return { visitor, cookie, user };
}

const byForm = (visitor: Visitor) => visitor.submit("/dashboard", "Sign out");
const byApi = (visitor: Visitor) =>
  visitor.ask("/api/session", { method: "DELETE", headers: FROM_HERE });
const SIGN_OUTS: [string, typeof byForm][] = [
  ["the form", byForm],
  ["the API", byApi],
];

test.each(SIGN_OUTS)("TE-1: after sign-out by %s a copied cookie is dead", async (_, signOut) => {
  const { visitor, cookie } = await signedIn();
  await signOut(visitor);
  expect(visitor.jar.size).toBe(0);
  const handler = await app.request("/api/session", withCookie(cookie));
  const page = await app.request("/dashboard", withCookie(cookie));
  expect([handler.status, page.header("location")]).toEqual([401, "/session/ended"]);
});

test.each(SIGN_OUTS)(
  "TE-1: sign-out by %s ends the row and erases its hash",
  async (_, signOut) => {
    const { visitor, user } = await signedIn();
    await signOut(visitor);
    const [row] = await rows("SELECT * FROM sessions WHERE user_id = ?", [user.id]);
    expect([row?.end_reason, row?.secret_hash]).toEqual(["signed_out", null]);
    expect(row?.ended_at).toBeInstanceOf(Date);
  },
);

test("TE-1: a sign-out ends no other session of the user", async () => {
  const { visitor, user } = await signedIn();
  const elsewhere = await signIn(app, user);
  await byForm(visitor);
  expect((await app.request("/api/session", withCookie(elsewhere))).status).toBe(200);
});

test("TE-2: no GET or HEAD ends a session, however it is dressed up", async () => {
  const { visitor } = await signedIn("admin");
  const before = await guardedRows();
  const { pages, handlers } = builtRoutes();
  const guesses = ["/sign-out", "/logout", "/signout", "/api/session?_method=DELETE"];
  const headers = { "X-HTTP-Method-Override": "DELETE", ...FROM_HERE };
  for (const path of [...pages, ...handlers, ...guesses])
    for (const method of ["GET", "HEAD"]) await visitor.ask(path, { method, headers });
  expect(visitor.received).toEqual([]);
  expect(await guardedRows()).toEqual(before);
  expect((await visitor.ask("/api/session")).status).toBe(200);
});

test("TE-2: the form of the sign-out, sent as a GET, ends nothing", async () => {
  const { visitor } = await signedIn();
  const { text } = await visitor.ask("/dashboard");
  const query = new URLSearchParams(hiddenFields(text, "Sign out"));
  await visitor.ask(`/dashboard?${query}`);
  expect((await visitor.ask("/api/session")).status).toBe(200);
});

/** They are about an account that a mail or a name tells, whoever is signed in. */
const OF_NO_SESSION: readonly string[] = [...LINK_PATHS, "/forgot-password"];

test("TE-2: every page that a signed-in user is shown has the sign-out", async () => {
  const { visitor } = await signedIn("admin");
  const shown: string[] = [];
  for (const path of builtRoutes().pages) {
    const { status, text } = await visitor.ask(path);
    if (status !== 200 || OF_NO_SESSION.includes(path)) continue;
    shown.push(path);
    expect(() => hiddenFields(text, "Sign out")).not.toThrow();
  }
  expect(shown).toEqual(expect.arrayContaining(["/", "/account", "/admin"]));
});

test("TE-2: the sign-out of every such page works", async () => {
  for (const path of ["/", "/dashboard"]) {
    const { visitor, cookie } = await signedIn();
    const response = await visitor.submit(path, "Sign out");
    expect([response.status, response.header("location")]).toEqual([
      303,
      "/sign-in?reason=signed_out",
    ]);
    expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
  }
});

test("RD-1: nothing that is sent with a sign-out says where it leads", async () => {
  const { visitor } = await signedIn();
  const elsewhere = ["next", "returnTo", "redirect"].map(
    (name) => [name, "https://evil.example/"] as const,
  );
  const response = await visitor.submit("/dashboard", "Sign out", elsewhere);
  expect(response.header("location")).toBe("/sign-in?reason=signed_out");
});

test("TE-3: sign-out by the API without a session is quiet, whatever the cookie", async () => {
  const dead = await deadCookie();
  const before = await guardedRows();
  for (const cookie of ["", "session=garbage", dead]) {
    const headers = { ...FROM_HERE, ...(cookie ? { Cookie: cookie } : {}) };
    const { status, text } = await app.request("/api/session", { method: "DELETE", headers });
    expect([status, text]).toEqual([204, ""]);
  }
  expect(await guardedRows()).toEqual(before);
});

test("TE-3: sign-out by a form that is out of date leads to the sign-in page", async () => {
  const { visitor } = await signedIn();
  const form = multipart(hiddenFields((await visitor.ask("/")).text, "Sign out"));
  const dead = await deadCookie();
  const before = await guardedRows();
  for (const cookie of ["", "session=garbage", dead]) {
    const headers = { ...form.headers, ...FROM_HERE, ...(cookie ? { Cookie: cookie } : {}) };
    for (const path of ["/", "/dashboard"]) {
      const response = await app.request(path, { method: "POST", headers, body: form.body });
      expect(response.status).toBe(303);
      expect(response.header("location")).toMatch(/^\/sign-in/);
    }
  }
  expect(await guardedRows()).toEqual(before);
});

async function deadCookie(): Promise<string> {
  const { cookie, user } = await signedIn();
  await change("DELETE FROM sessions WHERE user_id = ?", [user.id]);
  return cookie;
}

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { COOKIE_BACK, reasonNotice } from "@/app/sign-in/reasons";
import { openSeal, sealToken } from "@/lib/session/cookie";
import { newSessionId } from "@/lib/session/token";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { isClearing, parseSetCookie } from "@/tests/support/set-cookie";
import { guardedRows } from "@/tests/support/sql";

// Shared with other hosts, each of which can set a cookie of the same name beside ours.
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({
    APP_URL: "https://app.example.com",
    SESSION_COOKIE_DOMAIN: "example.com",
  });
});
afterAll(() => app.stop());

const NAME = "__Secure-session";
let user: TestUser;
let ours: string;
/** Of the user of a sibling site, who put it into our browser. */
let tossed: string;
beforeEach(async () => {
  user = await newUser({ role: "admin" });
  ours = await signIn(app, user);
  tossed = await signIn(app, await newUser({ role: "admin" }));
});

const both = () => `${tossed}; ${ours}`;
const get = (path: string, cookie = "") => app.request(path, cookie ? withCookie(cookie) : {});
const clearsAnything = ({ setCookies }: RawResponse) =>
  setCookies.some((line) => isClearing(parseSetCookie(line)));

/** Where an answer takes the session cookie away. */
function cleared({ setCookies }: RawResponse): string[] {
  const lines = setCookies.map(parseSetCookie);
  expect(lines.every((line) => isClearing(line) && line.name === NAME)).toBe(true);
  return lines.map(
    ({ attributes }) => `${attributes.get("path")} ${attributes.get("domain") ?? "-"}`,
  );
}

const everywhere = (...paths: string[]) =>
  paths.flatMap((path) => ["-", "app.example.com", "example.com"].map((it) => `${path} ${it}`));

describe("CK-10: live sessions of two users in one request", () => {
  test.each([["ours first"], ["theirs first"]])(
    "a page refuses both, clears them wherever they can be, and says why: %s",
    async (order) => {
      const cookie = order === "ours first" ? `${ours}; ${tossed}` : both();
      const page = await get("/admin/users?q=x", cookie);
      expect([page.status, page.setCookies]).toEqual([303, []]);
      expect(page.header("location")).toMatch(/^\/session\/ended\?refused=.*&returnTo=%2Fadmin/);
      const ended = await get(page.header("location"), cookie);
      expect(cleared(ended)).toEqual(
        everywhere(
          ...["/", "/admin", "/admin/", "/admin/users"],
          ...["/session", "/session/", "/session/ended", "/sign-in"],
        ),
      );
      const form = await get(ended.header("location"));
      expect(form.status).toBe(200);
      expect(form.text).toContain(reasonNotice("several_users")?.text);
      expect(new Map(hiddenFields(form.text, "Sign in")).get("returnTo")).toBe("/admin/users?q=x");
      expect(form.header("clear-site-data")).toBe("");
    },
  );

  test("the lines for the deepest page fit into the buffer that the proxy is told to have", async () => {
    const deepest = `/admin/sessions/${newSessionId(new Date())}`;
    const ended = await get((await get(deepest, both())).header("location"), both());
    const lines = Object.entries(ended.headers).flatMap(([name, value]) =>
      [value ?? ""].flat().map((each) => `${name}: ${each}`),
    );
    expect(cleared(ended)).toEqual(expect.arrayContaining(everywhere("/", deepest)));
    expect(Buffer.byteLength(lines.join("\r\n"))).toBeLessThan(8000);
  });

  test("one that belongs to the asked path alone is cleared there, in no circles", async () => {
    const page = await get("/dashboard", both());
    // There the browser sends only what it has for every path.
    const ended = await get(page.header("location"), ours);
    expect(ended.header("location")).toMatch(/^\/sign-in\?reason=several_users/);
    expect(cleared(ended)).toEqual(expect.arrayContaining(everywhere("/", "/dashboard")));
    const alone = await get(page.header("location"));
    expect(cleared(alone)).toEqual(cleared(ended));
  });

  test("so is one of the sign-in page", async () => {
    const page = await get("/sign-in?returnTo=%2Faccount", both());
    const ended = await get(page.header("location"), ours);
    expect(ended.header("location")).toMatch(
      /^\/sign-in\?reason=several_users.*returnTo=%2Faccount/,
    );
    expect(cleared(ended)).toEqual(expect.arrayContaining(everywhere("/sign-in")));
  });

  test("where one comes back, the browser is to forget all cookies, and the page says what to do", async () => {
    const page = await get("/dashboard", both());
    const way = (await get(page.header("location"), both())).header("location");
    for (const cookie of [both(), tossed, ours]) {
      const form = await get(way, cookie);
      expect([form.status, form.header("clear-site-data")]).toEqual([200, '"cookies"']);
      expect(form.text).toContain(COOKIE_BACK.text);
      expect(() => hiddenFields(form.text, "Sign in")).not.toThrow();
    }
  });

  test("the way of a refusal takes no session that was begun since, and nobody else's", async () => {
    const page = await get("/dashboard", both());
    const ended = page.header("location");
    const way = (await get(ended, both())).header("location");
    for (const fresh of [await signIn(app, user), await signIn(app, await newUser())])
      for (const path of [ended, way]) {
        const response = await get(path, fresh);
        expect([response.status, response.header("location")]).toEqual([303, "/dashboard"]);
        expect([response.setCookies, response.header("clear-site-data")]).toEqual([[], ""]);
      }
    const forged = await get("/session/ended?refused=Fe26.2*1*a*b*c*d*e*f~2", ours);
    expect([forged.header("location"), forged.setCookies]).toEqual(["/dashboard", []]);
  });

  test.each([
    ["GET", "/api/session"],
    ["DELETE", "/api/sessions"],
    ["PATCH", "/api/admin/users/1"],
  ])("%s %s refuses both as JSON, clears them, and changes nothing", async (method, path) => {
    const before = await guardedRows();
    const response = await app.request(path, withCookie(both(), { method, headers: FROM_HERE }));
    expect([response.status, response.json()]).toEqual([
      401,
      expect.objectContaining({ type: "urn:gatehouse:several-users", title: "Several accounts" }),
    ]);
    expect(cleared(response)).toEqual(
      expect.arrayContaining(everywhere("/", "/api", "/api/", path)),
    );
    expect(await guardedRows()).toEqual(before);
  });

  test("an action refuses both, and changes nothing", async () => {
    const hidden = hiddenFields((await get("/admin/users/new", ours)).text, "Add the user");
    const newcomer = { username: `n${crypto.randomUUID()}`, email: "n@example.com", role: "admin" };
    const { headers, body } = multipart([...hidden, ...Object.entries(newcomer)]);
    const before = await guardedRows();
    const asking = { method: "POST", headers: { ...headers, ...FROM_HERE }, body };
    const response = await app.request("/admin/users/new", withCookie(both(), asking));
    expect([response.status, response.setCookies]).toEqual([303, []]);
    expect(response.header("location")).toMatch(/^\/session\/ended\?refused=/);
    expect(await guardedRows()).toEqual(before);
  });

  test("the middleware lets them on to the page, and the start page shows a stranger's", async () => {
    const start = await get("/", both());
    expect([start.status, start.text.includes("You are not signed in.")]).toEqual([200, true]);
    expect(clearsAnything(start)).toBe(false);
  });

  test("a sign-out ends both, and a sign-in as well", async () => {
    const out = { method: "DELETE", headers: FROM_HERE };
    expect((await app.request("/api/session", withCookie(both(), out))).status).toBe(204);
    for (const cookie of [ours, tossed])
      expect((await get("/api/session", cookie)).status).toBe(401);
  });
});

test("CK-10: two live sessions of one user are no conflict", async () => {
  const cookie = `${await signIn(app, user)}; ${ours}`;
  expect((await get("/dashboard", cookie)).status).toBe(200);
  expect((await get("/api/session", cookie)).status).toBe(200);
});

test("CK-9: as many dead cookies as a request can hold hide no live one", async () => {
  const token = await openSeal(ours.slice(`${NAME}=`.length));
  if (!token) throw new Error("the cookie is no seal");
  const now = new Date();
  const dead = await Promise.all(
    Array.from({ length: 36 }, () => sealToken({ ...token, sessionId: newSessionId(now) }, now)),
  );
  const cookie = [...dead.map((value) => `${NAME}=${value}`), ours].join("; ");
  for (const path of ["/api/session", "/dashboard"]) {
    const response = await get(path, cookie);
    expect([response.status, response.setCookies]).toEqual([200, []]);
  }
});

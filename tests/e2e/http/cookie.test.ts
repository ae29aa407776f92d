import { beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp, startApp } from "@/tests/support/running-app";
import { isClearing, parseSetCookie } from "@/tests/support/set-cookie";
import { change } from "@/tests/support/sql";
import { newVisitor, type Visitor } from "@/tests/support/visitor";

// As behind a proxy that ends TLS: plain http comes in, and APP_URL says what the browser sees.
let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp({ APP_URL: "https://app.example.com" });
});

const NAME = "__Host-session";
const YEAR_400_DAYS = 400 * 86_400;

async function signedIn(remember = false): Promise<Visitor> {
  const { username, password } = await newUser();
  const visitor = newVisitor(app);
  await visitor.submit("/sign-in", "Sign in", [
    ["identifier", username],
    ["password", password],
    ...(remember ? [["remember", "on"] as const] : []),
  ]);
  return visitor;
}

/** Every way that sets or clears the cookie, by a name; gives the `Set-Cookie` lines. */
const WAYS: [string, () => Promise<readonly string[]>][] = [
  ["sign-in by the form", async () => (await signedIn()).received],
  ["sign-in by the form, to stay", async () => (await signedIn(true)).received],
  ["sign-in by the API", signInLines],
  [
    "sign-out by the form",
    async () => lastOf(await signedIn(), (it) => it.submit("/", "Sign out")),
  ],
  ["sign-out by the API", async () => lastOf(await signedIn(), signOutByApi)],
  [
    "the way of an ended session",
    async () => lastOf(await endedVisitor(), (it) => it.open("/dashboard")),
  ],
  ["the middleware", async () => lastOf(planted("garbage"), (it) => it.open("/dashboard"))],
];

// A sign-in brings a second one, which knows the browser again; it stays when the session ends.
const DEVICE_NAME = `${NAME}-device`;

test.each(WAYS)("CK-1: over https each cookie of %s has every protection", async (way, run) => {
  const cookies = (await run()).map(parseSetCookie);
  const names = way.startsWith("sign-in") ? [NAME, DEVICE_NAME] : [NAME];
  expect(cookies.map(({ name }) => name)).toEqual(names);
  for (const { attributes } of cookies) {
    expect(attributes.has("secure")).toBe(true);
    expect(attributes.has("httponly")).toBe(true);
    expect(attributes.get("path")).toBe("/");
    expect(attributes.get("samesite")?.toLowerCase()).toBe("lax");
    expect(attributes.has("domain")).toBe(false);
  }
});

test("CK-4: name, value and attributes stay within 4096 bytes", async () => {
  const lines = (await signedIn(true)).received;
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4096);
});

test("AU-15: the cookie that knows the browser lives for 90 days", async () => {
  const [, line = ""] = (await signedIn()).received;
  expect(parseSetCookie(line).attributes.get("max-age")).toBe(String(90 * 86_400));
});

test("CK-4: a cookie that stays lives to the absolute end of its session, in seconds", async () => {
  const [line = ""] = (await signedIn(true)).received;
  const maxAge = Number(parseSetCookie(line).attributes.get("max-age"));
  expect(maxAge).toBeGreaterThan(90 * 86_400 - 60);
  expect(maxAge).toBeLessThanOrEqual(90 * 86_400);
});

test("CK-4: without Stay signed in the cookie goes with the browser", async () => {
  const [line = ""] = (await signedIn()).received;
  const { attributes } = parseSetCookie(line);
  expect([attributes.has("max-age"), attributes.has("expires")]).toEqual([false, false]);
});

test("CK-4: under the longest settings the cookie lives for 400 days and no longer", async () => {
  const longest = String(YEAR_400_DAYS);
  const settings = { SESSION_ABSOLUTE_AGE: longest, SESSION_COOKIE_AGE: longest };
  const patient = await startApp(settings);
  try {
    const user = await newUser();
    const { headers } = await patient.fetch("/api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...FROM_HERE },
      body: JSON.stringify({ identifier: user.email, password: user.password, remember: true }),
    });
    const [line = ""] = headers.getSetCookie();
    const maxAge = Number(parseSetCookie(line).attributes.get("max-age"));
    expect(maxAge).toBeGreaterThan(YEAR_400_DAYS - 60);
    expect(maxAge).toBeLessThanOrEqual(YEAR_400_DAYS);
  } finally {
    await patient.stop();
  }
});

const CLEARING = WAYS.slice(3);

test.each(CLEARING)(
  "CK-5: %s clears with the attributes that the cookie was set with",
  async (_, run) => {
    const [set = ""] = (await signedIn(true)).received;
    const [clear = ""] = await run();
    expect(isClearing(parseSetCookie(clear))).toBe(true);
    expect(lasting(clear)).toEqual(lasting(set));
    expect(parseSetCookie(clear).name).toBe(parseSetCookie(set).name);
  },
);

const FORMER = ["session", "__Secure-session"];

test.each(FORMER)(
  "CK-5: sign-out clears %s as well, the name under other settings",
  async (former) => {
    const visitor = await signedIn();
    visitor.jar.set(former, "left over");
    const { setCookies } = await signOutByApi(visitor);
    expect(setCookies.map((line) => parseSetCookie(line).name).sort()).toEqual(
      [NAME, former].sort(),
    );
    expect(setCookies.map(parseSetCookie).every(isClearing)).toBe(true);
    expect([...visitor.jar.keys()]).toEqual([DEVICE_NAME]);
  },
);

test("CK-5: a cookie of another application is left alone", async () => {
  const visitor = await signedIn();
  visitor.jar.set("theirs", "1");
  await signOutByApi(visitor);
  expect([...visitor.jar.keys()]).toEqual([DEVICE_NAME, "theirs"]);
});

test("CK-6: no address sets a cookie for a visitor who brought none", async () => {
  const visitor = newVisitor(app);
  const { pages, handlers } = builtRoutes();
  for (const path of [...pages, ...handlers, "/nothing"])
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE"])
      await visitor.ask(path, { method, headers: FROM_HERE });
  expect(visitor.received).toEqual([]);
});

test("CK-6: signed-in reading sets no cookie", async () => {
  const visitor = await signedIn();
  const { pages, handlers } = builtRoutes();
  const before = visitor.received.length;
  for (const path of [...pages, ...handlers]) await visitor.ask(path);
  expect(visitor.received).toHaveLength(before);
});

test("CK-6: a sign-in that fails sets no cookie", async () => {
  const visitor = newVisitor(app);
  await visitor.submit("/sign-in", "Sign in", [
    ["identifier", "nobody"],
    ["password", "wrong"],
  ]);
  expect(visitor.received).toEqual([]);
});

// What a sibling host or a page over plain http can plant beside ours.
const PLANTED = [
  "session",
  "__host-session",
  "__HOST-SESSION",
  "__Host-Session",
  "__Secure-session",
];

test.each([...PLANTED, `x${NAME}`, `${NAME}2`])(
  "CK-7: %s is not taken for our cookie",
  async (name) => {
    const value = (await signIn(app, await newUser())).slice(`${NAME}=`.length);
    const { status } = await app.request("/api/session", withCookie(`${name}=${value}`));
    expect(status).toBe(401);
  },
);

test("CK-7: a planted cookie beside ours changes nothing", async () => {
  const theirs = await signIn(app, await newUser());
  const user = await newUser();
  const ours = await signIn(app, user);
  const cookie = `${theirs.replace("__Host-", "__host-")}; ${ours}`;
  const { text } = await app.request("/api/session", withCookie(cookie));
  expect(text).toContain(user.username);
});

test.each(["garbage", "dead"])(
  "CK-9: a leftover %s cookie shuts nobody out, in either order",
  async (kind) => {
    const leftover = kind === "dead" ? await deadCookie() : `${NAME}=garbage`;
    const live = await signIn(app, await newUser());
    for (const cookie of [`${leftover}; ${live}`, `${live}; ${leftover}`]) {
      const handler = await app.request("/api/session", withCookie(cookie));
      const page = await app.request("/dashboard", withCookie(cookie));
      const ended = await app.request("/session/ended", withCookie(cookie));
      expect([handler.status, page.status, ended.header("location")]).toEqual([
        200,
        200,
        "/dashboard",
      ]);
      expect([...handler.setCookies, ...page.setCookies, ...ended.setCookies]).toEqual([]);
    }
  },
);

test("CK-9: sign-out beside a leftover cookie ends the live session", async () => {
  const live = await signIn(app, await newUser());
  const cookie = `${await deadCookie()}; ${live}`;
  await app.request("/api/session", withCookie(cookie, { method: "DELETE", headers: FROM_HERE }));
  expect((await app.request("/api/session", withCookie(live))).status).toBe(401);
});

async function signInLines(): Promise<string[]> {
  const { username, password } = await newUser();
  const { headers } = await app.fetch("/api/session", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...FROM_HERE },
    body: JSON.stringify({ identifier: username, password }),
  });
  return headers.getSetCookie();
}

/** What came when the visitor did that. */
async function lastOf(visitor: Visitor, act: (visitor: Visitor) => Promise<unknown>) {
  const before = visitor.received.length;
  await act(visitor);
  return visitor.received.slice(before);
}

function signOutByApi(visitor: Visitor) {
  return visitor.ask("/api/session", { method: "DELETE", headers: FROM_HERE });
}

function planted(value: string): Visitor {
  const visitor = newVisitor(app);
  visitor.jar.set(NAME, value);
  return visitor;
}

async function endedVisitor(): Promise<Visitor> {
  const visitor = await signedIn();
  await change("DELETE FROM sessions");
  return visitor;
}

async function deadCookie(): Promise<string> {
  const cookie = await signIn(app, await newUser());
  await app.request("/api/session", withCookie(cookie, { method: "DELETE", headers: FROM_HERE }));
  return cookie;
}

/** The attributes but those that say for how long. */
function lasting(line: string) {
  const attributes = new Map(parseSetCookie(line).attributes);
  attributes.delete("max-age");
  attributes.delete("expires");
  return attributes;
}

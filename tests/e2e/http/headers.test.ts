import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { newUser, signIn } from "@/tests/support/people";
import type { Answer, Asking } from "@/tests/support/raw-request";
import { builtRoutes } from "@/tests/support/routes";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";

let app: RunningApp;
let cookies: Record<string, string>;

beforeAll(async () => {
  app = await startApp();
  const [user, other] = [await newUser(), await newUser()];
  const dead = await signIn(app, other);
  await change("DELETE FROM sessions WHERE user_id = ?", [other.id]);
  cookies = { no: "", live: await signIn(app, user), dead, garbage: "session=garbage" };
});

afterAll(() => app.stop());

const STATES = ["no", "live", "dead", "garbage"];
const { pages, handlers } = builtRoutes();
const FILES = ["/icon.svg", "/favicon.ico"];
const ROUTES = [...pages, ...handlers.filter((path) => !FILES.includes(path))];
const ADDRESSES = [
  ...ROUTES,
  "/nothing",
  "/api",
  "//dashboard",
  "/dashboard/",
  "/%",
  "/_global-error",
];

const ASKINGS: [string, Asking][] = [
  ["GET", {}],
  ["HEAD", { method: "HEAD" }],
  ["a GET of the payload", { headers: { RSC: "1" } }],
  ["a foreign POST", { method: "POST", headers: { "Sec-Fetch-Site": "cross-site" }, body: "x" }],
  [
    "an unknown action",
    { method: "POST", headers: { ...FROM_HERE, "Next-Action": "0".repeat(42) } },
  ],
  ["PUT", { method: "PUT", headers: FROM_HERE }],
  ["OPTIONS", { method: "OPTIONS" }],
];

function ask(path: string, state: string, asking: Asking = {}): Promise<Answer> {
  const cookie = cookies[state];
  return app.request(path, cookie ? withCookie(cookie, asking) : asking);
}

function tokens(answer: Answer, header: string): string[] {
  return answer
    .header(header)
    .toLowerCase()
    .split(/\s*,\s*/);
}

function expectPrivate(answer: Answer): void {
  expect(tokens(answer, "cache-control")).toContain("no-store");
  expect(tokens(answer, "vary")).toContain("cookie");
  expect(answer.header("cache-control")).not.toMatch(/public|s-maxage/);
}

describe.each(STATES)("with %s cookie", (state) => {
  test.each(ASKINGS)("HD-1: %s of any address is kept by nobody", async (_, asking) => {
    for (const path of ADDRESSES) expectPrivate(await ask(path, state, asking));
  });
});

const ERRORS: [number, string, string, Asking][] = [
  [400, "/api/session", "no", postJson({ identifier: "x" })],
  [401, "/api/session", "no", {}],
  [401, "/api/session", "no", postJson({ identifier: "x", password: "x" })],
  [403, "/api/session", "live", { method: "DELETE" }],
  [404, "/api/nothing", "live", {}],
  [404, "/nothing", "live", {}],
  [405, "/api/session", "live", { method: "PUT", headers: FROM_HERE }],
  [413, "/api/session", "no", postJson({ identifier: "x".repeat(70_000) })],
  [415, "/api/session", "no", { method: "POST", headers: FROM_HERE, body: "x" }],
];

test.each(ERRORS)("HD-1: a %i of %s is kept by nobody", async (status, path, state, asking) => {
  const answer = await ask(path, state, asking);
  expect(answer.status).toBe(status);
  expectPrivate(answer);
});

// Something that is no outage, and that nobody foresaw.
async function withoutSessionsTable<T>(work: () => Promise<T>): Promise<T> {
  await change("RENAME TABLE sessions TO mislaid");
  try {
    return await work();
  } finally {
    await change("RENAME TABLE mislaid TO sessions");
  }
}

test.each(["/api/session", "/dashboard", "/"])(
  "HD-1: a 500 of %s is kept by nobody",
  async (path) => {
    const answer = await withoutSessionsTable(() => ask(path, "live"));
    expect(answer.status).toBe(500);
    expectPrivate(answer);
  },
);

test.each(["/api/session", "/dashboard", "/"])(
  "LG-4: a 500 of %s tells nothing of its cause",
  async (path) => {
    const { text } = await withoutSessionsTable(() => ask(path, "live"));
    expect(text).not.toMatch(/doesn.t exist|select |from sessions|mysql|node_modules|\.ts\b/i);
  },
);

test("HD-1: the answers that set and clear a cookie are kept by nobody", async () => {
  const { username, password } = await newUser();
  const start = await app.request("/api/session", postJson({ identifier: username, password }));
  const [pair = ""] = (start.setCookies[0] ?? "").split(";");
  const end = await app.request(
    "/api/session",
    withCookie(pair, { method: "DELETE", headers: FROM_HERE }),
  );
  for (const answer of [start, end]) {
    expect(answer.setCookies).toHaveLength(1);
    expectPrivate(answer);
  }
});

test("HD-1: the files that anybody may keep come with no cookie and no one's data", async () => {
  const { text } = await ask("/", "live");
  const script = /\/_next\/static\/[^"]+\.js/.exec(text)?.[0] ?? "";
  for (const path of [...FILES, script]) {
    const answer = await ask(path, "live");
    expect([answer.status, answer.setCookies]).toEqual([200, []]);
    expect(tokens(answer, "cache-control")).toContain("public");
  }
});

/** The pages that can be seen, with who sees them. */
const SEEN: [string, string][] = [
  ["/", "no"],
  ["/", "live"],
  ["/sign-in", "no"],
  ["/dashboard", "live"],
  ["/unavailable", "no"],
  ["/nothing", "live"],
];

test.each(SEEN)(
  "HD-3: the scripts of %s for %s cookie carry the nonce of its answer",
  async (path, state) => {
    const answer = await ask(path, state);
    const nonce = nonceOf(answer);
    const scripts = answer.text.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(answer.text).not.toMatch(/ on[a-z]+="|javascript:/);
  },
);

test("HD-3: the scripts of an error page carry the nonce of its answer", async () => {
  const answer = await withoutSessionsTable(() => ask("/dashboard", "live"));
  const scripts = answer.text.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(1);
  for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(answer)}"`);
});

test("HD-3: no two answers have the same nonce", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask("/sign-in", "no")));
  expect(new Set(answers.map(nonceOf)).size).toBe(10);
});

test.each(SEEN)(
  "HD-3: the policy of %s for %s cookie lets in nothing else",
  async (path, state) => {
    const policy = policyOf(await ask(path, state));
    for (const directive of ["object-src", "base-uri", "frame-ancestors"])
      expect(policy.get(directive)).toBe("'none'");
    expect(policy.get("form-action")).toBe("'self'");
    expect(policy.get("default-src")).toBe("'self'");
    for (const [, sources] of policy) expect(sources).not.toMatch(/unsafe|https?:|\*/);
  },
);

test("HD-3: a nonce that a client sends is not taken", async () => {
  const headers = { "Content-Security-Policy": "script-src 'nonce-evil'" };
  const { text } = await ask("/sign-in", "no", { headers });
  expect(text).not.toContain("evil");
});

const GUARDS: [string, string | RegExp][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", /^(same-origin|no-referrer)$/],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", /camera=\(\)/],
];

test.each(GUARDS)("HD-5: every answer has %s", async (name, value) => {
  for (const state of STATES)
    for (const path of [...ADDRESSES, ...FILES, "/_next/static/nothing.js"])
      expect((await ask(path, state)).header(name)).toMatch(value);
});

test("HD-5: no answer names the framework or a version", async () => {
  for (const path of [...ADDRESSES, ...FILES]) {
    const { headers } = await ask(path, "live");
    for (const name of ["x-powered-by", "server", "x-aspnet-version"])
      expect(headers).not.toHaveProperty(name);
    expect(JSON.stringify(headers)).not.toMatch(/next\.js|\b16\.\d/i);
  }
});

const TYPES: [string, string, Asking, string][] = [
  ["/", "no", {}, "text/html; charset=utf-8"],
  ["/sign-in", "no", {}, "text/html; charset=utf-8"],
  ["/dashboard", "live", {}, "text/html; charset=utf-8"],
  ["/nothing", "live", {}, "text/html; charset=utf-8"],
  ["/unavailable", "no", {}, "text/html; charset=utf-8"],
  ["/dashboard?_rsc", "live", { headers: { RSC: "1" } }, "text/x-component; charset=utf-8"],
  ["/dashboard", "no", {}, "text/plain; charset=utf-8"],
  ["//dashboard", "no", {}, "text/plain; charset=utf-8"],
  ["/sign-in", "no", { method: "POST" }, "text/plain; charset=utf-8"],
  ["/api/session", "live", {}, "application/json; charset=utf-8"],
  ["/api/health/live", "no", {}, "application/json; charset=utf-8"],
  ["/api/health/ready", "no", {}, "application/json; charset=utf-8"],
  ["/api/session", "no", {}, "application/problem+json; charset=utf-8"],
  ["/api/session", "no", { method: "POST" }, "application/problem+json; charset=utf-8"],
  ["/api/nothing", "no", {}, "application/problem+json; charset=utf-8"],
  ["/icon.svg", "no", {}, "image/svg+xml; charset=utf-8"],
  ["/favicon.ico", "no", {}, "image/x-icon"],
];

test.each(TYPES)(
  "HD-6: %s for %s cookie says its type and charset",
  async (path, state, asking, type) => {
    expect((await ask(path, state, asking)).header("content-type")).toBe(type);
  },
);

test("HD-6: scripts and styles say their type and charset", async () => {
  const { text } = await ask("/", "no");
  for (const [ending, type] of [
    ["js", "javascript"],
    ["css", "css"],
  ]) {
    const path = new RegExp(`/_next/static/[^"]+\\.${ending}`).exec(text)?.[0] ?? "";
    const contentType = (await ask(path, "no")).header("content-type").toLowerCase();
    expect(contentType).toMatch(new RegExp(`/${type}; charset=utf-8$`));
  }
});

test("HD-6: an answer without a body claims no type", async () => {
  const answer = await ask("/api/session", "no", { method: "DELETE", headers: FROM_HERE });
  expect([answer.status, answer.header("content-type")]).toEqual([204, ""]);
});

function policyOf(answer: Answer): Map<string, string> {
  const directives = answer.header("content-security-policy").split("; ");
  return new Map(directives.map((text) => [text.split(" ")[0] ?? "", text.replace(/^\S+ ?/, "")]));
}

function nonceOf(answer: Answer): string {
  const nonce = /'nonce-([^']+)'/.exec(policyOf(answer).get("script-src") ?? "")?.[1];
  if (!nonce) throw new Error(`no nonce in ${answer.header("content-security-policy")}`);
  return nonce;
}

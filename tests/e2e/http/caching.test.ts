import { beforeAll, describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import {
  type Ask,
  askingWithKinds,
  FILES,
  KINDS,
  type Kind,
  privateAddresses,
} from "@/tests/support/cookie-kinds";
import { withoutSessionsTable } from "@/tests/support/missing-table";
import type { Asking, RawResponse } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let ask: Ask;

beforeAll(async () => {
  app = await sharedApp();
  ask = await askingWithKinds(app);
});

const ADDRESSES = privateAddresses();
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

function tokens(response: RawResponse, header: string): string[] {
  return response
    .header(header)
    .toLowerCase()
    .split(/\s*,\s*/);
}

function expectPrivate(response: RawResponse): void {
  expect(tokens(response, "cache-control")).toContain("no-store");
  expect(tokens(response, "vary")).toContain("cookie");
  expect(response.header("cache-control")).not.toMatch(/public|s-maxage/);
}

describe.each(KINDS)("with %s cookie", (state) => {
  test.each(ASKINGS)("HD-1: %s of any address is kept by nobody", async (_, asking) => {
    for (const path of ADDRESSES) expectPrivate(await ask(path, state, asking));
  });
});

const ERRORS: [number, string, Kind, Asking][] = [
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
  const response = await ask(path, state, asking);
  expect(response.status).toBe(status);
  expectPrivate(response);
});

test.each(["/api/session", "/dashboard", "/"])(
  "HD-1: a 500 of %s is kept by nobody",
  async (path) => {
    const response = await withoutSessionsTable(() => ask(path, "live"));
    expect(response.status).toBe(500);
    expectPrivate(response);
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
  for (const response of [start, end]) {
    expect(response.setCookies).not.toEqual([]);
    expectPrivate(response);
  }
});

test("HD-1: the files that anybody may keep come with no cookie and no one's data", async () => {
  const { text } = await ask("/", "live");
  const script = /\/_next\/static\/[^"]+\.js/.exec(text)?.[0] ?? "";
  for (const path of [...FILES, script]) {
    const response = await ask(path, "live");
    expect([response.status, response.setCookies]).toEqual([200, []]);
    expect(tokens(response, "cache-control")).toContain("public");
  }
});

import { beforeAll, expect, test } from "vitest";
import { FROM_HERE } from "@/tests/support/asking";
import {
  type Ask,
  askingWithKinds,
  FILES,
  KINDS,
  type Kind,
  privateAddresses,
} from "@/tests/support/cookie-kinds";
import type { Asking } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

let app: SharedApp;
let ask: Ask;

beforeAll(async () => {
  app = await sharedApp();
  ask = await askingWithKinds(app);
});

const ADDRESSES = privateAddresses();
const GUARDS: [string, string | RegExp][] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["x-frame-options", "DENY"],
  ["permissions-policy", /camera=\(\)/],
  ["content-security-policy", /^default-src '(self|none)'; .*frame-ancestors 'none'/],
];

test("HD-5: every answer has all of these", async () => {
  for (const state of KINDS)
    for (const path of [...ADDRESSES, ...FILES, "/_next/static/nothing.js"]) {
      const response = await ask(path, state);
      for (const [name, value] of GUARDS)
        expect(response.header(name), `${name} of ${path}, ${state}`).toMatch(value);
    }
});

// Next listens before it runs code of ours.
test.each(GUARDS)("HD-9: so has the first answer of a process: %s", (name, value) => {
  expect(app.firstResponse.header(name)).toMatch(value);
});

// A form of a page that sends no referrer posts `Origin: null`, which never fits.
test("CS-9: no page keeps back more of where its forms come from", async () => {
  for (const path of ADDRESSES) {
    const { text } = await ask(path, "live");
    expect([path, text.match(/name="referrer"|referrerpolicy|noreferrer/gi)]).toEqual([path, null]);
  }
});

test("HD-5: no answer names the framework or a version", async () => {
  for (const path of [...ADDRESSES, ...FILES]) {
    const { headers } = await ask(path, "live");
    for (const name of ["x-powered-by", "server", "x-aspnet-version"])
      expect(headers).not.toHaveProperty(name);
    expect(JSON.stringify(headers)).not.toMatch(/next\.js|\b16\.\d/i);
  }
});

const TYPES: [string, Kind, Asking, string][] = [
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
  const response = await ask("/api/session", "no", { method: "DELETE", headers: FROM_HERE });
  expect([response.status, response.header("content-type")]).toEqual([204, ""]);
});

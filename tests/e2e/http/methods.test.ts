import { beforeAll, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { guardedRows } from "@/tests/support/sql";

let app: SharedApp;
let cookie: string;

beforeAll(async () => {
  app = await sharedApp();
  cookie = await signIn(app, await newUser({ role: "admin" }));
});

const READING = ["GET", "HEAD", "OPTIONS"];
const ODD = ["PROPFIND", "SEARCH", "PURGE", "LINK"];
const METHODS = [...READING, "POST", "PUT", "PATCH", "DELETE"];
const { pages, handlers } = builtRoutes();
// Files of the build, for which methods are Next's affair.
const FILES = ["/icon.svg", "/favicon.ico"];
const HANDLERS = handlers.filter((path) => !FILES.includes(path));
const APIS = HANDLERS.filter((path) => path.startsWith("/api/"));

const ask = (path: string, method: string) =>
  app.request(path, { method, headers: { ...FROM_HERE, Cookie: cookie } });

test.each([...pages, ...handlers, "/nothing"])(
  "CS-5: reading or prodding %s changes no row",
  async (path) => {
    const before = await guardedRows();
    for (const method of [...READING, ...ODD, "PUT", "PATCH"]) {
      const { status, setCookies } = await ask(path, method);
      expect([method, setCookies]).toEqual([method, []]);
      // An outage page says 503, and that is no fault.
      expect(status === 503 ? 200 : status).toBeLessThan(500);
    }
    expect(await guardedRows()).toEqual(before);
  },
);

test.each(APIS)(
  "CS-5: what %s does not answer is 405 as a problem, with the methods that it does",
  async (path) => {
    const responses = new Map<string, RawResponse>();
    for (const method of METHODS.filter((one) => one !== "DELETE"))
      responses.set(method, await ask(path, method));
    for (const [method, response] of responses) {
      if (response.status !== 405) continue;
      for (const allowed of response.header("allow").split(", "))
        expect([method, allowed, responses.get(allowed)?.status]).not.toEqual([
          method,
          allowed,
          405,
        ]);
      expect(response.header("content-type")).toBe("application/problem+json; charset=utf-8");
      if (method !== "HEAD") expect(response.json()).toMatchObject({ status: 405 });
    }
  },
);

test.each(APIS)(
  "CS-5: OPTIONS of %s says what it answers, and promises others nothing",
  async (path) => {
    const response = await ask(path, "OPTIONS");
    expect([204, 404]).toContain(response.status);
    if (response.status === 204) expect(response.header("allow")).toMatch(/, OPTIONS$/);
    expect(Object.keys(response.headers).filter((name) => /^access-control/.test(name))).toEqual(
      [],
    );
  },
);

const WRONG: [string, string[]][] = [
  ["/api/session", ["PUT", "PATCH"]],
  ["/api/health/live", ["POST", "PUT", "PATCH", "DELETE"]],
  ["/api/health/ready", ["POST", "PUT", "PATCH", "DELETE"]],
];

test.each(WRONG)("CS-5: %s answers 405 to %j and to nothing else", async (path, wrong) => {
  const refused: string[] = [];
  for (const method of METHODS.filter((one) => path !== "/api/session" || one !== "DELETE"))
    if ((await ask(path, method)).status === 405) refused.push(method);
  expect(refused.sort()).toEqual([...wrong].sort());
});

test("CS-5: an unknown address of the API is 404 for every method, as a problem", async () => {
  for (const method of METHODS.filter((one) => one !== "HEAD")) {
    const response = await ask("/api/nothing/here", method);
    expect([method, response.status]).toEqual([method, 404]);
    expect(response.json()).toMatchObject({ status: 404, title: "Not found" });
  }
});

test.each([...pages, "/nothing", "/session/ended"])(
  "CS-5: %s answers 405 with Allow to what no page knows",
  async (path) => {
    for (const method of ["OPTIONS", "PUT", "PATCH", "DELETE", ...ODD]) {
      const response = await ask(path, method);
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.header("allow")).toBe("GET, HEAD, POST");
      expect(response.header("content-type")).toBe("text/plain; charset=utf-8");
    }
  },
);

test("CS-5: HEAD answers what GET does, without the body", async () => {
  for (const path of [
    "/",
    "/dashboard",
    "/sign-in",
    "/api/session",
    "/api/health/live",
    "/nothing",
  ]) {
    const [head, get] = [await ask(path, "HEAD"), await ask(path, "GET")];
    expect([path, head.status, head.text]).toEqual([path, get.status, ""]);
    expect(head.header("content-type")).toBe(get.header("content-type"));
  }
});

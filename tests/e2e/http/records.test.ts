import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { withoutSessionsTable } from "@/tests/support/missing-table";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { rows } from "@/tests/support/sql";

let app: SharedApp;
let user: TestUser;

beforeAll(async () => {
  app = await sharedApp();
  user = await newUser();
});

const AGENT = "Records/1.0";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function eventOf(response: RawResponse) {
  const request = response.header("x-request-id");
  const found = await rows(
    "SELECT type, at, user_id, ip_address, user_agent, detail FROM events WHERE JSON_VALUE(detail, '$.request') = ?",
    [request],
  );
  return found[0];
}

const headers = { ...FROM_HERE, "User-Agent": AGENT };
const tryToSignIn = ({ username: identifier }: TestUser, password: string) =>
  app.request("/api/session", postJson({ identifier, password }, headers));
const asked = (path: string, method: string, cookie: string, body?: unknown) => {
  const asking = body === undefined ? { headers } : postJson(body, headers);
  return app.request(path, withCookie(cookie, { ...asking, method }));
};

async function throttled(who: TestUser): Promise<RawResponse> {
  for (let wrong = 0; wrong < 10; wrong += 1) await tryToSignIn(who, "wrong");
  return tryToSignIn(who, who.password);
}

async function provedAnew(who: TestUser): Promise<RawResponse> {
  const { password } = who;
  return asked("/api/session/reauthentication", "POST", await signIn(app, who), { password });
}

async function endedFromElsewhere(who: TestUser): Promise<RawResponse> {
  await signIn(app, who);
  return asked("/api/sessions", "DELETE", await signIn(app, who));
}

const anAdministrator = async () => signIn(app, await newUser({ role: "admin" }));

async function endedByAnother(who: TestUser): Promise<RawResponse> {
  await signIn(app, who);
  return asked(`/api/admin/users/${who.id}/sessions`, "DELETE", await anAdministrator());
}

const changed = (change: object) => async (who: TestUser) =>
  asked(`/api/admin/users/${who.id}`, "PATCH", await anAdministrator(), change);

const HAPPENINGS: [string, string, (who: TestUser) => Promise<RawResponse>][] = [
  ["a sign-in", "sign_in", (who) => tryToSignIn(who, who.password)],
  ["a failure", "sign_in_failed", (who) => tryToSignIn(who, "wrong")],
  ["a try that was held back", "sign_in_throttled", throttled],
  [
    "a sign-out",
    "sign_out",
    async (who) => asked("/api/session", "DELETE", await signIn(app, who)),
  ],
  ["a fresh proof", "reauthenticated", provedAnew],
  ["an end from elsewhere", "session_revoked", endedFromElsewhere],
  ["an end by an administrator", "session_revoked", endedByAnother],
  ["a change of role", "user_updated", changed({ role: "staff" })],
  ["a disabling", "user_disabled", changed({ status: "disabled" })],
];

describe("what is kept of", () => {
  test.each(HAPPENINGS)(
    "LG-1: %s: when, who, from where, what, for which request",
    async (_, type, happen) => {
      const [who, begun] = [await newUser(), Date.now()];
      const event = await eventOf(await happen(who));
      expect(event).toMatchObject({ type, user_id: who.id, ip_address: "127.0.0.1" });
      expect(event?.user_agent).toBe(AGENT);
      expect(event?.at.getTime()).toBeGreaterThanOrEqual(begun - 1000);
    },
  );
});

const Failed = z.looseObject({ err: z.looseObject({ digest: z.string().min(4) }) });
const Line = z.looseObject({ msg: z.string(), request: z.string().optional() });

function linesOf(response: RawResponse) {
  const lines = app
    .log()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const parsed = lines.map((line) => Line.parse(JSON.parse(line)));
  return parsed.filter(({ request }) => request === response.header("x-request-id"));
}

describe("the log", () => {
  test("LG-1: has one line a request, with its id, method, path, status and duration", async () => {
    const response = await app.request("/sign-in?returnTo=/a-private-word");
    expect(response.header("x-request-id")).toMatch(UUID);
    const said = { msg: "request", method: "GET", path: "/sign-in", status: 200 };
    await expect
      .poll(() => linesOf(response))
      .toEqual([expect.objectContaining({ ...said, tookMs: expect.any(Number) })]);
  });

  test("LG-1: has no such line with LOG_REQUESTS=false, and still what goes wrong", async () => {
    const silent = await sharedApp({ LOG_REQUESTS: "false" });
    const cookie = await signIn(silent, user);
    await silent.request("/sign-in");
    await withoutSessionsTable(() => silent.request("/api/session", withCookie(cookie)));
    await expect.poll(() => silent.log()).toContain("a request failed");
    expect(silent.log()).not.toContain('"msg":"request"');
  });

  test("LG-4: joins an error's cause with its answer, which tells nothing of it", async () => {
    const cookie = await signIn(app, user);
    const response = await withoutSessionsTable(() =>
      app.request("/api/session", withCookie(cookie)),
    );
    expect(response.status).toBe(500);
    expect(response.text).not.toMatch(/sessions|SELECT|mysql/i);
    const failures = () => linesOf(response).filter(({ msg }) => msg === "a request failed");
    await expect.poll(() => JSON.stringify(failures())).toContain("doesn't exist");
  });

  test("LG-4: joins a page's error in the same way, by the id that the page shows", async () => {
    const cookie = await signIn(app, user);
    const response = await withoutSessionsTable(() =>
      app.request("/dashboard", withCookie(cookie)),
    );
    expect(response.status).toBe(500);
    const failures = () => linesOf(response).filter(({ err }) => err !== undefined);
    await expect.poll(() => failures().length).toBeGreaterThan(0);
    const digest = Failed.parse(failures()[0]).err.digest;
    expect(response.text).toContain(digest);
  });

  test("PW-11: shows no parameters of a statement, whoever prints it", async () => {
    const cookie = await signIn(app, user);
    // What reads the session is no statement of drizzle's, what begins one is.
    await withoutSessionsTable(async () => {
      await app.request("/dashboard", withCookie(cookie));
      await tryToSignIn(user, user.password);
    });
    await expect.poll(() => app.log()).toContain("Failed query");
    expect(app.log()).not.toMatch(/params:/);
  });

  test("LG-1: a client cannot choose the id", async () => {
    const response = await app.request("/sign-in", { headers: { "X-Request-Id": "mine" } });
    expect(response.header("x-request-id")).toMatch(UUID);
  });
});

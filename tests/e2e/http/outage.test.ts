import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrateDatabase } from "@/lib/db/migrate/migrate";
import { type Database, startDatabase } from "@/scripts/database/start";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import type { RawResponse } from "@/tests/support/raw-request";
import { type RunningApp, startApp } from "@/tests/support/running-app";
import { isClearing, parseSetCookie } from "@/tests/support/set-cookie";
import { newVisitor } from "@/tests/support/visitor";
import { testServers } from "@/tests/tools/clear-servers";

// A server of this file's own, since it is frozen and stopped. The number at the end lets a later
// run clear away what a killed one left.
const folder = join(testServers, `outage-${randomBytes(4).toString("hex")}-${process.pid}`);
const projectUrl = process.env.DATABASE_URL;
let database: Database;
let app: RunningApp;
let user: TestUser;
let forms: { signIn: [string, string][]; signOut: [string, string][] };

beforeAll(async () => {
  database = await startDatabase({ folder });
  process.env.DATABASE_URL = database.url;
  await migrateDatabase(database.url);
  app = await startApp();
  user = await newUser();
  const home = await app.request("/", withCookie(await signIn(app, user)));
  const page = await app.request("/sign-in");
  forms = {
    signIn: hiddenFields(page.text, "Sign in"),
    signOut: hiddenFields(home.text, "Sign out"),
  };
});

afterAll(async () => {
  await app.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
  process.env.DATABASE_URL = projectUrl;
});

interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

const frozen: Outage = {
  begin: async () => void process.kill(database.pid, "SIGSTOP"),
  end: async () => void process.kill(database.pid, "SIGCONT"),
};

const stopped: Outage = {
  begin: () => database.stop(),
  end: async () => {
    database = await startDatabase({ folder });
  },
};

const PROMISED_MS = 3000;
const PENDING = "your session ends there as soon as it can be";

async function timed<T>(work: Promise<T>): Promise<{ result: T; took: number }> {
  const begun = performance.now();
  return { result: await work, took: performance.now() - begun };
}

function post(path: string, cookie: string, fields: [string, string][]): Promise<RawResponse> {
  const { headers, body } = multipart(fields);
  const sent = { ...headers, ...FROM_HERE, ...(cookie ? { Cookie: cookie } : {}) };
  return app.request(path, { method: "POST", headers: sent, body });
}

const valueIn = (cookie: string) => cookie.slice("session=".length);
const credentials = () => ({ identifier: user.username, password: PASSWORD });

describe.each([
  ["frozen", frozen],
  ["stopped", stopped],
])("with the database %s", (_, outage) => {
  let cookie: string;
  let leaving: string[];

  beforeAll(async () => {
    cookie = await signIn(app, user);
    leaving = [await signIn(app, user), await signIn(app, user)];
    await outage.begin();
  });

  // At once, since with the server frozen each waits for its time limit.
  describe.concurrent("meanwhile", () => {
    test("RL-1: the API answers 503 with Retry-After within three seconds, the cookie untouched", async () => {
      const { result, took } = await timed(app.request("/api/session", withCookie(cookie)));
      expect(result.status).toBe(503);
      expect(took).toBeLessThan(PROMISED_MS);
      expect(Number(result.header("retry-after"))).toBeGreaterThan(0);
      expect(result.json()).toMatchObject({ status: 503, title: "Unavailable" });
      expect(result.setCookies).toEqual([]);
    });

    test("RL-1: ten requests at once are each answered in that time", async () => {
      const asked = Array.from({ length: 10 }, () =>
        timed(app.request("/api/session", withCookie(cookie))),
      );
      for (const { result, took } of await Promise.all(asked)) {
        expect(result.status).toBe(503);
        expect(took).toBeLessThan(PROMISED_MS);
      }
    });

    test("RL-1: a sign-in by the API answers 503 and sets nothing", async () => {
      const asked = timed(app.request("/api/session", postJson(credentials())));
      const { result, took } = await asked;
      expect([result.status, result.setCookies]).toEqual([503, []]);
      expect(took).toBeLessThan(PROMISED_MS);
    });

    test("RL-1: a sign-in by the form says so in the form, and sets nothing", async () => {
      const response = await post("/sign-in", "", [
        ...forms.signIn,
        ...Object.entries(credentials()),
      ]);
      expect(response.text).toContain("We cannot reach our database right now");
      expect(response.setCookies).toEqual([]);
    });

    test.each(["/dashboard", "/", "/sign-in", "/session/ended"])(
      "RL-1: %s ends on a page that says 503, not on the sign-in page",
      async (path) => {
        const visitor = newVisitor(app);
        visitor.jar.set("session", valueIn(cookie));
        const { hops, response } = await visitor.open(path);
        expect(hops.length).toBeLessThanOrEqual(2);
        expect(hops.filter((hop) => hop.startsWith("/sign-in"))).toEqual([]);
        expect(response.status).toBe(503);
        expect(response.text).toContain("We cannot reach our database");
        expect(Number(response.header("retry-after"))).toBeGreaterThan(0);
        expect(visitor.jar.get("session")).toBe(valueIn(cookie));
        expect(visitor.received).toEqual([]);
      },
    );

    test("RL-1: the page of the outage leads back by itself to where one was", async () => {
      const visitor = newVisitor(app);
      visitor.jar.set("session", valueIn(cookie));
      const { response } = await visitor.open("/dashboard?tab=1");
      expect(response.header("refresh")).toBe("5;url=/dashboard?tab=1");
    });

    test("RL-1: a payload for the router holds no private byte", async () => {
      const asking = withCookie(cookie, { headers: { RSC: "1" } });
      const { text } = await app.request("/dashboard?_rsc", asking);
      expect(text).toContain("/unavailable");
      expect(text).not.toContain(user.email);
    });

    test("RL-1: the process is alive and not ready", async () => {
      const live = await timed(app.request("/api/health/live"));
      const ready = await timed(app.request("/api/health/ready"));
      expect([live.result.status, ready.result.status]).toEqual([200, 503]);
      expect(ready.took).toBeLessThan(PROMISED_MS);
      expect(ready.result.text).not.toMatch(/127\.0\.0\.1|ECONN|mysql/i);
    });

    test("TE-4: sign-out by the API clears the cookie even so, and says 503", async () => {
      const asking = { method: "DELETE", headers: FROM_HERE };
      const { result, took } = await timed(
        app.request("/api/session", withCookie(leaving[0] ?? "", asking)),
      );
      expect(result.status).toBe(503);
      expect(took).toBeLessThan(PROMISED_MS);
      expect(result.setCookies.map(parseSetCookie).map(isClearing)).toEqual([true]);
    });

    test("TE-4: sign-out by the form clears the cookie even so", async () => {
      const response = await post("/", leaving[1] ?? "", forms.signOut);
      expect(response.status).toBe(303);
      expect(response.setCookies.map(parseSetCookie).map(isClearing)).toEqual([true]);
      const page = await app.request(response.header("location"));
      expect([page.status, page.text.includes(PENDING)]).toEqual([200, true]);
    });
  });

  test("RL-1: when the database is back the same cookie is good, with no restart of the app", async () => {
    await outage.end();
    const status = async () => (await app.request("/api/session", withCookie(cookie))).status;
    await expect.poll(status, { timeout: 10_000 }).toBe(200);
    const page = await app.request("/dashboard", withCookie(cookie));
    const ready = await app.request("/api/health/ready");
    expect([page.status, ready.status]).toEqual([200, 200]);
  });

  test("TE-4: when the database is back, the sessions that were signed out meanwhile end", async () => {
    for (const left of leaving) {
      const status = async () => (await app.request("/api/session", withCookie(left))).status;
      await expect.poll(status, { timeout: 30_000 }).toBe(401);
    }
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { reasonNotice } from "@/app/sign-in/reasons";
import { END_REASONS } from "@/lib/db/schema";
import { openSeal, sealToken, type Token } from "@/lib/session/cookie";
import { newSecret } from "@/lib/session/token";
import { newUser } from "@/tests/helpers/people";
import { hiddenFields } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp();
});

type Make = () => Promise<string>;

/** A seal of a session that something was done to by SQL. */
const after = (statement: string, values: string[] = []): Make => {
  return async () => {
    const user = await newUser();
    const cookie = await signIn(app, user);
    await change(statement, [...values, user.id]);
    return sealIn(cookie);
  };
};

const END =
  "UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), secret_hash = NULL, end_reason = ? WHERE user_id = ?";
/** What a browser can hold that is no live session, and the reason that it is told. */
const STATES: [string, Make, string][] = [
  ["a session without its row", after("DELETE FROM sessions WHERE user_id = ?"), "unknown"],
  ["a session of another secret", withOtherSecret, "unknown"],
  ["garbage", async () => "garbage", "unknown"],
  ["an empty value", async () => "", "unknown"],
  ["a seal past its absolute end", pastItsEnd, "absolute"],
  ["a session of a deleted user", after("DELETE FROM users WHERE id = ?"), "unknown"],
  [
    "a session of a disabled user",
    after("UPDATE users SET status = 'disabled' WHERE id = ?"),
    "user_disabled",
  ],
  [
    "two cookies, neither alive",
    async () => `garbage; session=${await after(END, ["idle"])()}`,
    "idle",
  ],
  [
    "two cookies in the other order",
    async () => `${await after(END, ["idle"])()}; session=garbage`,
    "idle",
  ],
];

const GOALS = [
  "/dashboard",
  "/dashboard?tab=1",
  "/sign-in",
  "/sign-in?returnTo=%2Fdashboard%3Ftab%3D1",
];

describe.each(STATES)("with %s", (_, make, reason) => {
  test.each(GOALS)(
    "RD-2: %s leads to the form in at most two redirects, with the reason, and the cookie is gone",
    async (goal) => {
      const visitor = newVisitor(app);
      visitor.jar.set("session", await make());
      const { hops, response } = await visitor.open(goal);
      expect(hops.length).toBeGreaterThan(0);
      expect(hops.length).toBeLessThanOrEqual(2);
      expect(response.status).toBe(200);
      expect(() => hiddenFields(response.text, "Sign in")).not.toThrow();
      expect(response.text).toContain(reasonNotice(reason)?.text);
      expect([...visitor.jar.keys()]).toEqual([]);
    },
  );

  test("RD-2: the way back is not lost", async () => {
    const visitor = newVisitor(app);
    visitor.jar.set("session", await make());
    const { response } = await visitor.open("/dashboard?tab=1");
    const fields = new Map(hiddenFields(response.text, "Sign in"));
    expect(fields.get("returnTo")).toBe("/dashboard?tab=1");
  });

  test("RD-2: the start page is shown at once, as to a stranger", async () => {
    const visitor = newVisitor(app);
    visitor.jar.set("session", await make());
    const { hops, response } = await visitor.open("/");
    expect([hops, response.status]).toEqual([[], 200]);
    expect(response.text).toContain("You are not signed in.");
  });
});

test.each(END_REASONS)("RD-2: a browser whose session ended by %s is told so", async (reason) => {
  const visitor = newVisitor(app);
  visitor.jar.set("session", await after(END, [reason])());
  const { hops, response } = await visitor.open("/dashboard");
  expect(hops).toEqual(["/session/ended", `/sign-in?reason=${reason}`]);
  expect(response.text).toContain(reasonNotice(reason)?.text);
  expect(visitor.jar.size).toBe(0);
});

test("RD-2: a link to where ended sessions go signs nobody out", async () => {
  const visitor = newVisitor(app);
  visitor.jar.set("session", sealIn(await signIn(app, await newUser())));
  const { hops, response } = await visitor.open("/session/ended");
  expect([hops, response.status, visitor.jar.size]).toEqual([["/dashboard"], 200, 1]);
});

test("RD-2: a reason that nobody knows shows nothing of it", async () => {
  const { text, status } = await app.request("/sign-in?reason=%3Cscript%3Eevil");
  expect(status).toBe(200);
  expect(text).not.toContain("<script>evil");
  expect(text).not.toContain("session has ended");
});

function sealIn(cookie: string): string {
  return cookie.slice("session=".length);
}

async function tokenOf(cookie: string): Promise<Token> {
  const token = await openSeal(sealIn(cookie));
  if (!token) throw new Error("no seal of ours");
  return token;
}

async function withOtherSecret(): Promise<string> {
  const token = await tokenOf(await signIn(app, await newUser()));
  return sealToken({ ...token, secret: newSecret() }, new Date());
}

// As it is after the absolute age: the row and the seal agree.
async function pastItsEnd(): Promise<string> {
  const user = await newUser();
  const token = await tokenOf(await signIn(app, user));
  const absoluteExpiresAt = new Date(Date.now() - 1000);
  const past = "UPDATE sessions SET absolute_expires_at = ? WHERE user_id = ?";
  await change(past, [absoluteExpiresAt, user.id]);
  return sealToken({ ...token, absoluteExpiresAt }, new Date());
}

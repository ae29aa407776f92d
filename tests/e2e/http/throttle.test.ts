import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { alertIn, hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type RunningApp, type SharedApp, sharedApp, startApp } from "@/tests/support/running-app";
import { isClearing, parseSetCookie } from "@/tests/support/set-cookie";
import { change, rows } from "@/tests/support/sql";

const NEW = "another long enough password";

// Two instances on one database, behind one proxy: each try says from which address it comes.
let app: SharedApp;
let other: RunningApp;

beforeAll(async () => {
  app = await sharedApp({ TRUST_PROXY: "1" });
  other = await startApp({ TRUST_PROXY: "1" });
});

afterAll(() => other.stop());

let addresses = 0;
const newAddress = () => {
  addresses += 1;
  return `203.0.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
};

interface Try {
  readonly at?: SharedApp;
  readonly from?: string;
  readonly password?: string;
  readonly cookie?: string;
}

async function tryOnce(
  identifier: string,
  { at = app, from, password = "wrong", cookie }: Try = {},
) {
  const headers = {
    ...FROM_HERE,
    "X-Forwarded-For": from ?? newAddress(),
    ...(cookie ? { Cookie: cookie } : {}),
  };
  // On a machine that is busy some are told to come back: they do, and were no try.
  for (;;) {
    const response = await at.request("/api/session", postJson({ identifier, password }, headers));
    if (response.status !== 503) return response;
  }
}

/** A hundred wrong ones, each from an address of its own, and never more than may wait for a thread. */
async function wrongTries(identifier: string) {
  for (let n = 0; n < 10; n += 1)
    await Promise.all(Array.from({ length: 10 }, () => tryOnce(identifier)));
}

const eventsOf = async (user: TestUser) => {
  const found = await rows("SELECT type FROM events WHERE user_id = ?", [user.id]);
  const count = (type: string) => found.filter((event) => event.type === type).length;
  return { failed: count("sign_in_failed"), throttled: count("sign_in_throttled") };
};

const count = (statuses: readonly number[], status: number) =>
  statuses.filter((each) => each === status).length;

test("AU-3: of 50 tries at once at two instances exactly 10 reach the hash", async () => {
  const user = await newUser();
  const from = newAddress();
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, n) => tryOnce(user.username, { at: n % 2 ? app : other, from })),
  );
  const statuses = responses.map(({ status }) => status);
  expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 40]);
  expect(await eventsOf(user)).toEqual({ failed: 10, throttled: 1 });
});

test("AU-3: the same of an identifier that is nobody's", async () => {
  const [nobody, from] = [`nobody${Date.now()}`, newAddress()];
  const responses = await Promise.all(Array.from({ length: 20 }, () => tryOnce(nobody, { from })));
  const statuses = responses.map(({ status }) => status);
  expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 10]);
});

test("AU-3: user name and email are one account", async () => {
  const user = await newUser();
  const from = newAddress();
  for (let n = 0; n < 5; n += 1) await tryOnce(user.username, { from });
  for (let n = 0; n < 5; n += 1) await tryOnce(user.email.toUpperCase(), { from });
  // Ten in all: the right password is not looked at, and answered as a wrong one.
  expect((await tryOnce(user.username, { from, password: PASSWORD })).status).toBe(401);
  expect(await eventsOf(user)).toEqual({ failed: 10, throttled: 1 });
});

test("AU-13: no series of tries by name and email tells an account from none", async () => {
  const user = await newUser();
  const nobody = `nobody${Date.now()}-twin`;
  const [known, unknown] = [newAddress(), newAddress()];
  const answered = async (identifier: string, from: string) => {
    const response = await tryOnce(identifier, { from });
    const seconds = Number(response.header("retry-after") ?? 0);
    // The seconds are in the words as well, and one may pass between the two.
    const words = JSON.stringify(response.json()).replace(/\d+ seconds/, "… seconds");
    const names = Object.keys(response.headers).sort();
    return { said: [response.status, words, names], seconds };
  };
  for (let n = 0; n < 24; n += 1) {
    const isName = n < 10 || n % 3 === 0;
    const real = await answered(isName ? user.username : user.email, known);
    const none = await answered(isName ? nobody : `${nobody}@example.com`, unknown);
    expect(real.said, `try ${n + 1}`).toEqual(none.said);
    expect(Math.abs(real.seconds - none.seconds)).toBeLessThanOrEqual(1);
  }
  expect((await eventsOf(user)).failed).toBe(10);
});

test("AU-15: a closed account says what to do, an unknown one the same, and nobody else is let in", async () => {
  const user = await newUser();
  const nobody = `nobody${Date.now()}-closed`;
  const closed = async (identifier: string) => {
    await wrongTries(identifier);
    const response = await tryOnce(identifier, { password: PASSWORD });
    return [response.status, response.json()];
  };
  const real = await closed(user.username);
  expect(real).toEqual(await closed(nobody));
  expect(JSON.stringify(real)).toContain("ask an administrator");
  expect((await tryOnce(user.email, { password: PASSWORD })).status).toBe(401);
});

test("AU-3: the right password is not looked at either, and 429 says when to come back", async () => {
  const user = await newUser();
  const from = newAddress();
  for (let n = 0; n < 10; n += 1) await tryOnce(user.username, { from });
  const response = await tryOnce(user.username, { from, password: PASSWORD });
  expect([response.status, response.setCookies]).toEqual([429, []]);
  expect(response.header("content-type")).toContain("application/problem+json");
  const seconds = Number(response.header("retry-after"));
  expect(seconds).toBeGreaterThan(890);
  expect(seconds).toBeLessThanOrEqual(900);
});

test("AU-3: a restart forgets nothing", async () => {
  const user = await newUser();
  const from = newAddress();
  for (let n = 0; n < 10; n += 1) await tryOnce(user.username, { from });
  const restarted = await startApp({ TRUST_PROXY: "1" });
  try {
    expect((await tryOnce(user.username, { at: restarted, from })).status).toBe(429);
  } finally {
    await restarted.stop();
  }
});

test("AU-3: the form says in words how long to wait", async () => {
  const user = await newUser();
  const from = newAddress();
  for (let n = 0; n < 10; n += 1) await tryOnce(user.username, { from });
  const form = hiddenFields((await app.request("/sign-in")).text, "Sign in");
  const { headers, body } = multipart([
    ...form,
    ["identifier", user.username],
    ["password", PASSWORD],
  ]);
  const asking = { ...headers, ...FROM_HERE, "X-Forwarded-For": from };
  const response = await app.request("/sign-in", { method: "POST", headers: asking, body });
  expect(alertIn(response.text)).toContain("Too many tries. Try again in 15 minutes.");
});

describe("from which address", () => {
  test("AU-5: what the client forges left of the proxy's entry gives no new tries", async () => {
    const user = await newUser();
    const from = newAddress();
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1)
      statuses.push((await tryOnce(user.username, { from: `10.1.1.${n}, ${from}` })).status);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 2]);
  });

  test("AU-5: without a proxy X-Forwarded-For gives no new tries", async () => {
    const direct = await sharedApp();
    const user = await newUser();
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1)
      statuses.push((await tryOnce(user.username, { at: direct, from: newAddress() })).status);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 2]);
  });
});

describe("a browser that its owner has used", () => {
  const deviceCookie = async (user: TestUser) => {
    const response = await tryOnce(user.username, { password: PASSWORD });
    const line = response.setCookies.find((each) => each.startsWith("session-device="));
    return line?.split(";")[0] ?? "";
  };
  const shutOut = async (user: TestUser) => {
    await wrongTries(user.username);
    expect((await tryOnce(user.username, { password: PASSWORD })).status).toBe(429);
  };

  test("AU-4: signs its owner in while everybody else is throttled", async () => {
    const user = await newUser();
    const cookie = await deviceCookie(user);
    await shutOut(user);
    const response = await tryOnce(user.username, { cookie, password: PASSWORD });
    expect(response.status).toBe(200);
  });

  async function changePassword(jar: string) {
    const change = { currentPassword: PASSWORD, newPassword: NEW, confirmPassword: NEW };
    const page = await app.request("/account/password", withCookie(jar));
    const form = multipart([
      ...hiddenFields(page.text, "Change password"),
      ...Object.entries(change),
    ]);
    const headers = { ...form.headers, ...FROM_HERE };
    const asking = withCookie(jar, { method: "POST", headers, body: form.body });
    return app.request("/account/password", asking);
  }

  const endAllOthers = (jar: string) =>
    app.request("/api/sessions", withCookie(jar, { method: "DELETE", headers: FROM_HERE }));

  test.each([
    ["changes the password", changePassword, NEW],
    ["ends all others", endAllOthers, PASSWORD],
  ])("AU-15: stays known in the browser that %s, and in no other", async (_, act, password) => {
    const user = await newUser();
    const signedIn = await tryOnce(user.username, { password: PASSWORD });
    const elsewhere = await deviceCookie(user);
    const response = await act(signedIn.setCookies.map((line) => line.split(";")[0]).join("; "));
    const line = response.setCookies.find((each) => each.startsWith("session-device="));
    const here = line?.split(";")[0] ?? "";
    await wrongTries(user.username);
    expect((await tryOnce(user.username, { cookie: elsewhere, password })).status).toBe(429);
    expect((await tryOnce(user.username, { cookie: here, password })).status).toBe(200);
  });

  test("AU-4: counts for the accounts that signed in with it alone", async () => {
    const [user, owner] = [await newUser(), await newUser()];
    const cookie = await deviceCookie(owner);
    await shutOut(user);
    expect((await tryOnce(user.username, { cookie, password: PASSWORD })).status).toBe(429);
  });

  test("AU-4: a made-up or changed device cookie is none", async () => {
    const user = await newUser();
    const cookie = await deviceCookie(user);
    await shutOut(user);
    for (const made of [`${cookie.slice(0, -4)}AAAA`, "session-device=x", "session-device="])
      expect((await tryOnce(user.username, { cookie: made, password: PASSWORD })).status).toBe(429);
  });

  test("CK-8: its cookie is no session, and a session's is no known browser", async () => {
    const user = await newUser();
    const device = await deviceCookie(user);
    const asSession = device.replace("session-device=", "session=");
    expect((await app.request("/api/session", withCookie(asSession))).status).toBe(401);
    const session = await signIn(app, user);
    await shutOut(user);
    const cookie = session.replace("session=", "session-device=");
    expect((await tryOnce(user.username, { cookie, password: PASSWORD })).status).toBe(429);
  });

  test("CK-1: its cookie has the attributes of the session's, and stays at sign-out", async () => {
    const user = await newUser();
    const response = await tryOnce(user.username, { password: PASSWORD });
    const lines = response.setCookies.map(parseSetCookie);
    expect(lines.map(({ name }) => name)).toEqual(["session", "session-device"]);
    const device = response.setCookies[1] ?? "";
    for (const part of [/; HttpOnly/i, /; Path=\//i, /; SameSite=lax/i, /; Max-Age=7776000/i])
      expect(device).toMatch(part);
    const jar = response.setCookies.map((line) => line.split(";")[0]).join("; ");
    const out = { method: "DELETE", headers: FROM_HERE };
    const { setCookies } = await app.request("/api/session", withCookie(jar, out));
    expect(setCookies.map(parseSetCookie).map(isClearing)).toEqual([true]);
  });
});

describe("a password asked for once more", () => {
  const prove = (cookie: string, password: string, from: string) =>
    app.request(
      "/api/session/reauthentication",
      withCookie(cookie, postJson({ password }, { ...FROM_HERE, "X-Forwarded-For": from })),
    );

  test("PW-6: is throttled like a sign-in: 10 wrong ones, then 429 for the right one too", async () => {
    const user = await newUser();
    const [cookie, from] = [await signIn(app, user), newAddress()];
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await prove(cookie, "wrong", from)).status);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 2]);
    const right = await prove(cookie, PASSWORD, from);
    expect([right.status, Number(right.header("retry-after")) > 890]).toEqual([429, true]);
  });

  test("PW-6: the wrong ones count with those of the sign-in page", async () => {
    const user = await newUser();
    const [cookie, from] = [await signIn(app, user), newAddress()];
    for (let n = 0; n < 10; n += 1) await tryOnce(user.username, { from });
    expect((await prove(cookie, "wrong", from)).status).toBe(429);
    await change("UPDATE throttle SET expire = 1");
    expect((await prove(cookie, PASSWORD, from)).status).toBe(204);
  });
});

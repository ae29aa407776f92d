// What opens between the factors, and what to somebody who must have a second one and has none.
import { beforeAll, describe, expect, test } from "vitest";
import { projectEntries } from "@/scripts/guards/project";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { signedInVisitor } from "@/tests/support/account-pages";
import { apiUser } from "@/tests/support/api";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { type App, betweenFactors, codeOf, giveApp } from "@/tests/support/factors";
import { fieldError, hiddenFields, multipart } from "@/tests/support/forms";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, number } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp();
});

const SECOND = "/api/session/second-factor";
const FACTORS = "/account/factors";
const give = (cookie: string, code: string) =>
  app.request(SECOND, postJson({ code }, { ...FROM_HERE, Cookie: cookie }));
const sessionsOf = ({ id }: { id: number }) =>
  number("SELECT COUNT(*) FROM sessions WHERE user_id = ?", [id]);

describe("between the factors", () => {
  test("MF-25: a right password is 401 of its own type, with a cookie and no session", async () => {
    const user = await newUser();
    await giveApp(user);
    const claim = { identifier: user.username, password: PASSWORD };
    const response = await app.request("/api/session", postJson(claim));
    expect(response.status).toBe(401);
    expect(response.json()).toMatchObject({ type: "urn:gatehouse:second-factor-required" });
    expect(response.setCookies.filter((line) => line.startsWith("session="))).toEqual([]);
    const [cookie = ""] = response.setCookies;
    expect(cookie).toMatch(/^session-step=.*; Max-Age=300;.*HttpOnly/i);
    expect(await sessionsOf(user)).toBe(0);
  });

  test("MF-20: of twenty posts of one code at once one begins a session", async () => {
    const { user, cookie, code } = await betweenFactors(app);
    const now = code();
    const answers = await Promise.all(Array.from({ length: 20 }, () => give(cookie, now)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 401, 429].includes(status))).toBe(true);
    expect(await sessionsOf(user)).toBe(1);
  });

  test("RO-4, MF-21: its cookie opens no page and no handler, under no name", async () => {
    const { cookie } = await betweenFactors(app);
    const value = cookie.slice(cookie.indexOf("=") + 1);
    for (const name of ["session-step", "session", "session-device"]) {
      const asking = withCookie(`${name}=${value}`);
      expect((await app.request("/api/session", asking)).status).toBe(401);
      expect((await app.request("/account", asking)).header("location")).toContain("/sign-in");
    }
  });

  test("MF-21: a session's cookie is no first step", async () => {
    const session = await signInAs(await newUser());
    const value = session.cookie.slice(session.cookie.indexOf("=") + 1);
    expect((await give(`session-step=${value}`, "123456")).status).toBe(401);
  });

  test("MF-21: once it was used, its answer replayed opens nothing", async () => {
    const { user, cookie, code } = await betweenFactors(app);
    const used = code();
    expect((await give(cookie, used)).status).toBe(200);
    expect((await give(cookie, used)).status).toBe(401);
    expect(await sessionsOf(user)).toBe(1);
  });

  test("MF-21: that of one account with the code of another opens neither", async () => {
    const [ana, eve] = [await betweenFactors(app), await betweenFactors(app)];
    expect((await give(eve.cookie, ana.code())).status).toBe(401);
    expect(await sessionsOf(ana.user)).toBe(0);
    expect(await sessionsOf(eve.user)).toBe(0);
  });

  test("a form without JavaScript keeps where it was to lead, and what is wrong is said beside it", async () => {
    const user = await newUser();
    const phone = await giveApp(user);
    const visitor = newVisitor(app);
    const first = await visitor.submit("/sign-in?returnTo=%2Faccount", "Sign in", [
      ["identifier", user.username],
      ["password", PASSWORD],
    ]);
    expect(first.header("location")).toBe("/sign-in/second-factor");
    const wrong = await visitor.submit("/sign-in/second-factor", "Sign in", [["code", "000000"]]);
    expect(fieldError(wrong.text, "code")).toMatch(/isn’t right/);
    const right = await visitor.submit("/sign-in/second-factor", "Sign in", [
      ["code", phone.code()],
    ]);
    expect([right.status, right.header("location")]).toEqual([303, "/account"]);
  });

  test("without a first step the page leads to the sign-in", async () => {
    const { hops } = await newVisitor(app).open("/sign-in/second-factor");
    expect(hops[0]).toContain("/sign-in?reason=step_over");
  });
});

describe("AU-10: a fresh proof by a code", () => {
  async function proved(code: (phone: App) => string) {
    const user = await newUser();
    const phone = await giveApp(user);
    const withApp = { ...user, factorsChangedAt: phone.since };
    const { cookie } = await signInAs(withApp, { methods: ["password", "totp"] });
    await change(
      "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL 1 HOUR WHERE user_id = ?",
      [user.id],
    );
    const asking = postJson({ code: code(phone) }, { ...FROM_HERE, Cookie: cookie });
    const { status } = await app.request("/api/session/reauthentication", asking);
    const age =
      "SELECT timestampdiff(SECOND, authenticated_at, utc_timestamp(3)) FROM sessions WHERE user_id = ?";
    return [status, (await number(age, [user.id])) < 60];
  }

  test("is one, and a wrong one is not", async () => {
    expect(await proved((phone) => phone.code())).toEqual([204, true]);
    expect(await proved((phone) => phone.recoveryCodes[0] ?? "")).toEqual([204, true]);
    expect(await proved(() => "000000")).toEqual([401, false]);
  });

  test("is not asked for together with a password, and not left out", async () => {
    const who = await apiUser(app, { user: await newUser() });
    for (const body of [{}, { password: PASSWORD, code: "123456" }])
      expect((await who.send("POST", "/api/session/reauthentication", body)).status).toBe(400);
  });
});

describe("AU-10: a page that a second factor must open", () => {
  const resetPage = (id: number) => `/admin/users/${id}/factors`;

  test("leads who has none to where one is set up, and back", async () => {
    const member = await newUser();
    const { visitor } = await signedInVisitor(app, await newUser({ role: "admin" }));
    const { status, header } = await visitor.ask(resetPage(member.id));
    expect([status, header("location")]).toEqual([
      303,
      `/account/factors?${new URLSearchParams({ returnTo: resetPage(member.id) })}`,
    ]);
  });

  test("asks who gave a password alone for a code, and for nothing else", async () => {
    const member = await newUser();
    const { user, visitor } = await signedInVisitor(app, await newUser({ role: "admin" }));
    const phone = await giveApp(user);
    const { hops, response } = await visitor.open(resetPage(member.id));
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatch(/^\/reauthenticate\?factor=any&/);
    expect(response.text).not.toContain('name="password"');
    const proved = await visitor.submit(hops[0] ?? "", "Continue", [["code", phone.code()]]);
    expect(proved.header("location")).toBe(resetPage(member.id));
    expect((await visitor.ask(resetPage(member.id))).status).toBe(200);
  });
});

describe("AU-10: a handler that a passkey must open", () => {
  const extra = appOf("without the middleware");

  test.each([
    [["password"], false, "urn:gatehouse:factor-setup-required"],
    [["password"], true, "urn:gatehouse:reauthentication-required"],
    [["password", "totp"], true, "urn:gatehouse:reauthentication-required"],
    [["passkey"], true, undefined],
  ] as const)(
    "of a session proved by %j, with a factor there: %s",
    async (methods, hasFactor, type) => {
      const user = await newUser();
      const factorsChangedAt = hasFactor ? (await giveApp(user)).since : null;
      const { cookie } = await signInAs({ ...user, factorsChangedAt }, { methods });
      const { status, json } = await extra().request("/api/test-factor", withCookie(cookie));
      expect([status, json()]).toEqual(
        type ? [403, expect.objectContaining({ type })] : [200, { opened: true }],
      );
    },
  );
});

describe.each([
  ["required", "member", true],
  ["required", "admin", true],
  ["staff", "admin", true],
  ["staff", "member", false],
  ["optional", "admin", false],
] as const)("SECOND_FACTOR=%s, for a %s without one: %s", (SECOND_FACTOR, role, isHeld) => {
  let held: SharedApp;
  let user: TestUser;
  beforeAll(async () => {
    held = await sharedApp({ SECOND_FACTOR });
    user = await newUser({ role });
  });

  test("MF-25: pages lead to where one is set up, or not at all", async () => {
    const { visitor } = await signedInVisitor(held, user);
    const guarded = projectEntries().filter(
      ({ kind, guard, address }) =>
        kind === "page" &&
        /^require(Session|Role|RecentProof)/.test(guard ?? "") &&
        ![FACTORS, "/reauthenticate"].includes(address) &&
        !address.includes("["),
    );
    expect(guarded.length).toBeGreaterThan(10);
    for (const { address } of guarded) {
      const { status, header } = await visitor.ask(address);
      if (isHeld && !(role === "member" && address.startsWith("/admin")))
        expect([address, header("location")]).toEqual([address, expect.stringContaining(FACTORS)]);
      else
        expect([address, header("location")]).not.toEqual([
          address,
          expect.stringContaining(FACTORS),
        ]);
      expect(status).not.toBe(500);
    }
    expect((await visitor.ask(FACTORS)).status).toBe(200);
  });

  test("MF-25: programs get 403 of its own type, or what they asked for", async () => {
    const who = await apiUser(held, { user });
    const { status, text } = await who.send("GET", "/api/session");
    expect(status).toBe(isHeld ? 403 : 200);
    if (isHeld) expect(text).toContain("urn:gatehouse:factor-setup-required");
  });

  test("MF-25: signing out and setting one up work; then all is open", async () => {
    const { visitor } = await signedInVisitor(held, await newUser({ role }));
    const page = await visitor.ask(FACTORS);
    const secret =
      /<code[^>]*>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1]?.replaceAll(" ", "") ?? "";
    const form = multipart([...hiddenFields(page.text, "Turn it on"), ["code", codeOf(secret)]]);
    const done = await visitor.ask(FACTORS, {
      method: "POST",
      headers: { ...form.headers, ...FROM_HERE },
      body: form.body,
    });
    expect(done.status).toBe(200);
    expect(done.text.match(/[a-z0-9]{4}(-[a-z0-9]{4}){6}(?=<)/g)).toHaveLength(10);
    expect((await visitor.ask("/account")).status).toBe(200);
  });
});

import { stringify, v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, test } from "vitest";
import { isClosed } from "@/lib/auth/closed-accounts";
import { db } from "@/lib/db/connection";
import { outbox } from "@/lib/db/mail-schema";
import { trustBrowser } from "@/lib/factors/trusted-browsers";
import { seal } from "@/lib/seal";
import { publicKey } from "@/scripts/guards/entry";
import { projectEntries } from "@/scripts/guards/project";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { NEW_PASSWORD, PASSWORD_PAGE, signedInVisitor } from "@/tests/support/account-pages";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE } from "@/tests/support/asking";
import { giveApp, proveByFactor } from "@/tests/support/factors";
import { type Fields, hiddenFields, multipart } from "@/tests/support/forms";
import { changedMeanwhile, SECRET_REPLACED, userChangedMeanwhile } from "@/tests/support/held-row";
import { closeAccount, makeProofOld } from "@/tests/support/people";
import { holdRequest } from "@/tests/support/raw-request";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, number, rows } from "@/tests/support/sql";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp();
  // Somebody else who administers, so that nobody here is the last one.
  await newUser({ role: "admin" });
});

const onUser =
  (assignment: string) =>
  ({ id }: TestUser) =>
    change(`UPDATE users SET ${assignment} WHERE id = ?`, [id]);
const ended =
  (reason: string) =>
  ({ id }: TestUser) =>
    change(
      `UPDATE sessions SET ended_at = UTC_TIMESTAMP(3), end_reason = '${reason}', secret_hash = NULL
     WHERE user_id = ?`,
      [id],
    );

/** What takes an administrator's authority away, and what they are told when they go on. */
const LOSSES: [
  name: string,
  take: (actor: ApiUser) => Promise<unknown>,
  status: number,
  location: RegExp,
][] = [
  ["disabled", onUser("status = 'disabled'"), 401, /^\/session\/ended\?/],
  ["demoted to staff", onUser("role = 'staff'"), 403, /^$/],
  // To a member nothing under /admin exists.
  ["demoted to member", onUser("role = 'member'"), 404, /^$/],
  ["signed out", (actor) => actor.send("DELETE", "/api/session"), 401, /^\/session\/ended\?/],
  ["revoked", ended("revoked_by_admin"), 401, /^\/session\/ended\?/],
  ["of an aged proof", makeProofOld, 403, /^\/reauthenticate\?/],
];

const NOT_ME = "This was not me";

const newcomer = () => {
  const username = `n${crypto.randomUUID().slice(0, 8)}`;
  return { username, email: `${username}@example.com`, name: "", role: "admin" };
};
const isThere = (username: string) =>
  number("SELECT COUNT(*) FROM users WHERE username = ?", [username]);

/** Sends a request but for most of its body, does that, and lets the rest follow. */
async function held(
  actor: ApiUser,
  [method, path]: [method: string, path: string],
  { headers, body }: { headers: Record<string, string>; body: string },
  meanwhile: (actor: ApiUser) => Promise<unknown>,
) {
  const request = await holdRequest(app.port, path, {
    method,
    headers: { ...FROM_HERE, ...headers, Cookie: actor.cookie },
    body,
  });
  // An answer to a later request: whatever looks at headers alone has looked by now.
  await actor.get("/api/session");
  await meanwhile(actor);
  return request.finish();
}

const asJson = (body: object) => ({
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

describe("AZ-7: a JSON request that was held open does not outlive its authority", () => {
  test.each(LOSSES)("POST of a user by an administrator %s meanwhile", async (_, take, status) => {
    const [actor, wanted] = [await apiUser(app, { role: "admin" }), newcomer()];
    const response = await held(actor, ["POST", "/api/admin/users"], asJson(wanted), take);
    expect([response.status, await isThere(wanted.username)]).toEqual([status, 0]);
    expect(response.header("content-type")).toMatch("application/problem+json");
  });

  test.each(LOSSES)("PATCH of a user by an administrator %s meanwhile", async (_, take, status) => {
    const [actor, user] = [await apiUser(app, { role: "admin" }), await newUser()];
    const way: [string, string] = ["PATCH", `/api/admin/users/${user.id}`];
    const response = await held(actor, way, asJson({ role: "admin" }), take);
    const [row] = await rows("SELECT role FROM users WHERE id = ?", [user.id]);
    expect([response.status, row?.role]).toEqual([status, "member"]);
  });

  test("what goes on with its authority is done", async () => {
    const [actor, wanted] = [await apiUser(app, { role: "admin" }), newcomer()];
    const nothing = async () => {};
    const response = await held(actor, ["POST", "/api/admin/users"], asJson(wanted), nothing);
    expect([response.status, await isThere(wanted.username)]).toEqual([201, 1]);
  });

  test("who may not call it hears that, whatever is wrong with the body", async () => {
    const member = await apiUser(app);
    for (const [type, body] of [
      ["application/json", "{"],
      ["application/json", "{}"],
      ["application/json", JSON.stringify({ name: "x".repeat(65 * 1024) })],
      ["text/plain", "{}"],
    ] as const) {
      const asking = {
        method: "POST",
        headers: { ...FROM_HERE, "Content-Type": type },
        body,
      };
      expect((await app.request("/api/admin/users", asking)).status).toBe(401);
      const headers = { ...asking.headers, Cookie: member.cookie };
      expect((await app.request("/api/admin/users", { ...asking, headers })).status).toBe(404);
    }
  });
});

describe("AZ-7: a form that was held open does not outlive its authority", () => {
  async function addingForm(actor: ApiUser, wanted: ReturnType<typeof newcomer>) {
    const hidden = hiddenFields((await actor.get("/admin/users/new")).text, "Add the user");
    return multipart([...hidden, ...Object.entries(wanted)]);
  }

  test.each(LOSSES)("adding a user, %s meanwhile", async (_, take, _status, location) => {
    const [actor, wanted] = [await apiUser(app, { role: "admin" }), newcomer()];
    const form = await addingForm(actor, wanted);
    const response = await held(actor, ["POST", "/admin/users/new"], form, take);
    expect(await isThere(wanted.username)).toBe(0);
    expect(response.header("location")).toMatch(location);
    expect(response.status).toBe(location.test("") ? 404 : 303);
  });

  test("what goes on with its authority is done", async () => {
    const [actor, wanted] = [await apiUser(app, { role: "admin" }), newcomer()];
    const form = await addingForm(actor, wanted);
    const response = await held(actor, ["POST", "/admin/users/new"], form, async () => {});
    expect([response.status, await isThere(wanted.username)]).toEqual([200, 1]);
  });
});

describe("AZ-7: what is lost between the guard and the write stops the write", () => {
  const DISABLED = "status = 'disabled'";

  test.each([
    ["disabled", DISABLED, 401],
    ["demoted", "role = 'staff'", 403],
  ])("JSON of an administrator who is %s", async (_, assignment, status) => {
    const [actor, wanted] = [await apiUser(app, { role: "admin" }), newcomer()];
    const add = () => actor.send("POST", "/api/admin/users", wanted);
    const response = await userChangedMeanwhile(actor.id, assignment, add);
    expect([response.status, await isThere(wanted.username)]).toEqual([status, 0]);
  });

  /** What each handler that changes people, sessions or credentials takes, but for the ids in its address. */
  const BODIES: Record<string, unknown> = {
    "POST /api/admin/users": newcomer(),
    "PATCH /api/account": { name: "Another Name" },
    "PATCH /api/admin/users/[id]": { name: "Another Name" },
    "POST /api/admin/users/[id]/password": undefined,
    "DELETE /api/admin/users/[id]/sessions": undefined,
    "DELETE /api/admin/sessions/[id]": undefined,
    "DELETE /api/sessions": undefined,
    "DELETE /api/sessions/[id]": undefined,
    "POST /api/session/reauthentication": { password: PASSWORD },
  };

  test("no handler and no form that changes anything is left out", () => {
    const changing = projectEntries().filter(
      ({ kind, method, guard }) =>
        !guard?.startsWith("public: ") && (kind === "action" || /^[^G]/.test(method)),
    );
    const handlers = changing.filter(({ guard }) => guard?.startsWith("withSession("));
    expect(handlers.map(publicKey).sort()).toEqual(Object.keys(BODIES).sort());
    const forms = changing.filter(({ kind }) => kind === "action").map(({ source }) => source);
    expect(new Set(forms)).toEqual(new Set(formsOn({ id: 7 }).map(sourceOf)));
  });

  test.each(Object.entries(BODIES))("%s of somebody disabled", async (call, body) => {
    const [actor, person] = [await apiUser(app, { role: "admin" }), await apiUser(app)];
    await apiUser(app, { user: actor });
    const [method = "", route = ""] = call.split(" ");
    const whose = route.startsWith("/api/admin") ? person : actor;
    const others = await rows(
      "SELECT LOWER(HEX(id)) AS id FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT 1",
      [whose.id],
    );
    const session = String(others[0]?.id).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    const path = route.replace("[id]", route.includes("/users/") ? String(person.id) : session);
    const before = await changeable([actor.id, person.id]);
    const send = () => actor.send(method, path, body);
    const { status } = await userChangedMeanwhile(actor.id, DISABLED, send);
    expect([status, await changeable([actor.id, person.id])]).toEqual([401, before]);
  });

  function sourceOf([path, button]: Form): string {
    if (button === NOT_ME) return "app/_shell/asked-device.ts";
    return `app${path.replace(/\?.*/, "").replace("7", "[id]")}/actions.ts`;
  }

  type Form = [path: string, button: string, fields: Fields];

  /** Every form that changes people, sessions or credentials, as one that acts on `person` has it. */
  const CODE_OF_NOW = "what the app shows now";

  function formsOn({ id }: Pick<TestUser, "id">): Form[] {
    return [
      ["/admin/users/new", "Add the user", Object.entries(newcomer())],
      [`/admin/users/${id}/edit`, "Save", Object.entries({ ...newcomer(), role: "staff" })],
      [`/admin/users/${id}/status`, "Disable the account", []],
      [`/admin/users/${id}/open`, "Open again", []],
      [`/admin/users/${id}/password`, "Set a temporary password", []],
      [`/admin/users/${id}/link`, "Send the link", []],
      ["/admin/mail", "Send again", [["id", "all"]]],
      [`/admin/sessions/end?user=${id}`, "End the session", []],
      ["/account/sessions", "End the other session", []],
      ["/account/sessions", "End<span.*", []],
      ["/account", "Save name", [["name", "Another Name"]]],
      ["/account", NOT_ME, []],
      ["/account/email", "Send a link to it", [["email", newcomer().email]]],
      ["/account/delete", "Delete my account", []],
      [`/admin/users/${id}/factors`, "Reset it in 24 hours", []],
      ["/account/factors", "Remove the app", [["code", CODE_OF_NOW]]],
      ["/account/sessions", "Ask again<span.*", []],
      [
        PASSWORD_PAGE,
        "Change password",
        [
          ["currentPassword", PASSWORD],
          ["newPassword", NEW_PASSWORD],
          ["confirmPassword", NEW_PASSWORD],
        ],
      ],
      ["/reauthenticate?returnTo=%2Faccount", "Continue", [["password", PASSWORD]]],
    ];
  }

  test.each(formsOn({ id: 0 }).map(([path, button], n) => [path, button, n] as const))(
    "the form at %s, %s",
    async (_path, _button, n) => {
      const person = await apiUser(app);
      const { user, visitor } = await signedInVisitor(app, await newUser({ role: "admin" }));
      await apiUser(app, { user });
      await closeAccount(person);
      await givenUpMail(person);
      visitor.jar.set("session-asked", await askedAbout(user));
      const [path, button, fields] = formsOn(person)[n] ?? ["", "", []];
      await trustBrowser(user.id, { ipAddress: "", userAgent: "" }, new Date());
      const phone = path.endsWith("/factors") ? await proveByFactor(user) : null;
      if (path.startsWith("/admin")) await giveApp(person);
      const given = fields.map(([name, value]) => {
        const code = value === CODE_OF_NOW ? phone?.code() : undefined;
        return [name, code ?? value] as const;
      });
      if (path.startsWith("/reauthenticate")) await makeProofOld(user);
      const before = await changeable([user.id, person.id]);
      const submit = () => visitor.submit(path, button, given);
      const response = await userChangedMeanwhile(user.id, DISABLED, submit);
      expect([response.status, response.header("location")]).toEqual([
        303,
        expect.stringMatching(/^\/session\/ended\?/),
      ]);
      expect(await changeable([user.id, person.id])).toEqual(before);
    },
  );

  /** A mail that was given up. */
  async function givenUpMail({ id: userId, email: recipient }: TestUser): Promise<void> {
    const at = new Date();
    const over = { attempts: 1, createdAt: at, failedAt: at, lastError: "550" };
    await db()
      .insert(outbox)
      .values({ ...over, id: uuidv7(), kind: "password_changed", userId, recipient });
  }

  /** The cookie by which the pages ask a user about a sign-in. */
  function askedAbout({ id }: TestUser): Promise<string> {
    return seal("asked", { u: id, s: uuidv7(), d: "Firefox", i: "", t: Date.now() }, 600);
  }

  /** What those forms might change, but for the status of who sends them. */
  async function changeable([actor = 0, person = 0]: number[]) {
    return {
      users: await number("SELECT COUNT(*) FROM users"),
      actor: await rows("SELECT name, email, password_hash FROM users WHERE id = ?", [actor]),
      person: await rows("SELECT * FROM users WHERE id = ?", [person]),
      isClosed: await isClosed(person),
      mails: await rows("SELECT id, failed_at FROM outbox WHERE user_id IN (?, ?) ORDER BY id", [
        actor,
        person,
      ]),
      tokens: await rows("SELECT token_hash FROM one_time_tokens WHERE user_id IN (?, ?)", [
        actor,
        person,
      ]),
      trust: await rows("SELECT id FROM trusted_browsers WHERE user_id IN (?, ?)", [actor, person]),
      factors: await rows("SELECT user_id FROM totp_factors WHERE user_id IN (?, ?)", [
        actor,
        person,
      ]),
      sessions: await rows(
        "SELECT id, ended_at, authenticated_at, secret_hash FROM sessions WHERE user_id IN (?, ?)",
        [actor, person],
      ),
    };
  }

  test("a form of somebody demoted meanwhile is a page that does not exist", async () => {
    const { user, visitor } = await signedInVisitor(app, await newUser({ role: "admin" }));
    const wanted = newcomer();
    const submit = () => visitor.submit("/admin/users/new", "Add the user", Object.entries(wanted));
    const response = await userChangedMeanwhile(user.id, "role = 'staff'", submit);
    expect([response.status, await isThere(wanted.username)]).toEqual([404, 0]);
  });

  test("RO-7: neither JSON nor a form goes on by a secret that was replaced meanwhile", async () => {
    const { user, visitor } = await signedInVisitor(app, await newUser({ role: "admin" }));
    const [row] = await rows("SELECT id FROM sessions WHERE user_id = ?", [user.id]);
    const wanted = newcomer();
    const path = "/admin/users/new";
    const submit = () => visitor.submit(path, "Add the user", Object.entries(wanted));
    const form = await changedMeanwhile(stringify(row?.id), SECRET_REPLACED, submit);
    expect([form.status, form.header("location"), form.setCookies]).toEqual([303, path, []]);
    expect(await isThere(wanted.username)).toBe(0);
    const actor = await apiUser(app, { role: "admin" });
    const [own] = await rows("SELECT id FROM sessions WHERE user_id = ?", [actor.id]);
    const add = () => actor.send("POST", "/api/admin/users", wanted);
    const response = await changedMeanwhile(stringify(own?.id), SECRET_REPLACED, add);
    expect([response.status, response.setCookies]).toEqual([409, []]);
    expect(await isThere(wanted.username)).toBe(0);
    expect((await actor.get("/api/session")).status).toBe(200);
  });
});

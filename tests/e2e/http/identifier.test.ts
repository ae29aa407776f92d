import { beforeAll, expect, test } from "vitest";
import { openSeal, sealToken, type Token } from "@/lib/session/cookie";
import { hashSecret, newSecret, newSessionId } from "@/lib/session/token";
import { newUser } from "@/tests/helpers/people";
import { FROM_HERE, postJson, withCookie } from "@/tests/support/asking";
import { hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { rawBytes } from "@/tests/support/raw-request";
import { builtRoutes } from "@/tests/support/routes";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { parseSetCookie } from "@/tests/support/set-cookie";
import { change, idBytes, number, rows } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;

beforeAll(async () => {
  // Everything that it can say: what is searched for must not be in any line.
  app = await sharedApp({ LOG_LEVEL: "trace" });
});

const DAY = 86_400_000;

async function tokenIn(cookie: string): Promise<Token> {
  const token = await openSeal(cookie.slice(cookie.indexOf("=") + 1));
  if (!token) throw new Error(`no seal of ours: ${cookie}`);
  return token;
}

async function sealed(token: Partial<Token>): Promise<string> {
  const now = new Date();
  const absoluteExpiresAt = new Date(now.getTime() + DAY);
  const whole = { sessionId: newSessionId(now), secret: newSecret(), absoluteExpiresAt, ...token };
  return `session=${await sealToken(whole, now)}`;
}

test("SID-3: a made-up id in a good seal is refused, and no row is made for it", async () => {
  const before = await number("SELECT COUNT(*) FROM sessions");
  const cookie = await sealed({});
  const handler = await app.request("/api/session", withCookie(cookie));
  const page = await app.request("/dashboard", withCookie(cookie));
  expect(handler.status).toBe(401);
  expect([page.status, page.header("location")]).toEqual([303, "/session/ended"]);
  expect(await number("SELECT COUNT(*) FROM sessions")).toBe(before);
});

test("SID-3: a made-up id is not adopted by a sign-in that presents it", async () => {
  const { username, password } = await newUser();
  const planted = await sealed({});
  const asking = postJson({ identifier: username, password }, { ...FROM_HERE, Cookie: planted });
  const { setCookies } = await app.request("/api/session", asking);
  const { name, value } = parseSetCookie(setCookies[0] ?? "");
  const [given, made] = [await tokenIn(planted), await tokenIn(`${name}=${value}`)];
  expect(made.sessionId).not.toBe(given.sessionId);
  expect(made.secret).not.toBe(given.secret);
  expect(await rows("SELECT 1 FROM sessions WHERE id = ?", [idBytes(given.sessionId)])).toEqual([]);
});

test("SID-3: the id of a live session with a made-up secret is refused", async () => {
  const { sessionId } = await tokenIn(await signIn(app, await newUser()));
  const { status } = await app.request("/api/session", withCookie(await sealed({ sessionId })));
  expect(status).toBe(401);
});

test("SID-4: neither the secret nor its seal nor its hash is in any answer or line of the log", async () => {
  const user = await newUser({ role: "admin" });
  const visitor = newVisitor(app);
  const responses = [
    await visitor.submit("/sign-in", "Sign in", [
      ["identifier", user.username],
      ["password", user.password],
    ]),
  ];
  const cookie = `session=${visitor.jar.get("session")}`;
  const token = await tokenIn(cookie);
  const { pages, handlers } = builtRoutes();
  for (const path of [...pages, ...handlers, "/nothing/here", "/dashboard?_rsc"]) {
    responses.push(await visitor.ask(path));
    responses.push(await visitor.ask(path, { headers: { RSC: "1" } }));
    responses.push(await visitor.ask(path, { method: "PUT", headers: FROM_HERE }));
    responses.push(await visitor.ask(path, { method: "POST", body: "x" }));
  }
  responses.push(await visitor.ask("/api/session", postJson({ identifier: 1 })));
  responses.push(await visitor.submit("/dashboard", "Sign out"));
  responses.push(await app.request("/api/session", withCookie(cookie)));
  responses.push(await app.request("/dashboard", withCookie(cookie)));
  const said = responses.map(({ text, headers: { "set-cookie": _, ...rest } }) => [rest, text]);
  const everything = `${JSON.stringify(said)}${app.log()}`;
  const hash = hashSecret(token.secret);
  const forms = (["hex", "base64", "base64url"] as const).map((form) => hash.toString(form));
  expect(everything).toContain(user.email);
  for (const secret of [token.secret, cookie.slice("session=".length), ...forms])
    expect(everything.includes(secret)).toBe(false);
});

test("SID-5: the public handle of a session is no credential", async () => {
  const cookie = await signIn(app, await newUser());
  const { sessionId } = await tokenIn(cookie);
  const bytes = idBytes(sessionId);
  const asSecret = await sealed({ sessionId, secret: sessionId });
  const handles = [sessionId, bytes.toString("hex"), bytes.toString("base64url")];
  for (const presented of [...handles.map((handle) => `session=${handle}`), asSecret])
    expect((await app.request("/api/session", withCookie(presented))).status).toBe(401);
  expect((await app.request("/api/session", withCookie(cookie))).status).toBe(200);
});

const utf8 = Buffer.from("🙂 ключ", "utf8").toString("latin1");

const HOSTILE: [string, string][] = [
  ["nothing", ""],
  ["one letter", "x"],
  ["4 KB", "x".repeat(4096)],
  ["12 KB", "x".repeat(12_288)],
  ["UTF-8", utf8],
  ["SQL", "'-- "],
  ["more SQL", `' OR "1"="1'/*`],
  ["an encoded NUL", "%00"],
  ["a broken percent sign", "%"],
  ["a seal that names a built-in property", "Fe26.2*toString*a*b*c*1*d*e~2"],
  ["a seal whose end is no number", "Fe26.2*1*a*b*c*x*d*e~2"],
  ["a seal of another version", "Fe26.1*1*a*b*c**d*e~2"],
  ["two of the name", "x; session=y"],
  ["hundreds of the name", `x${"; session=y".repeat(400)}`],
];

test.each(HOSTILE)("SID-6: %s as the cookie's value is refused in peace", async (_, value) => {
  const cookie = `session=${value}`;
  const handler = await app.request("/api/session", withCookie(cookie));
  const page = await app.request("/dashboard", withCookie(cookie));
  const ended = await app.request("/session/ended", withCookie(cookie));
  const signOut = await app.request(
    "/api/session",
    withCookie(cookie, { method: "DELETE", headers: FROM_HERE }),
  );
  expect([handler.status, page.status, ended.status, signOut.status]).toEqual([401, 303, 303, 204]);
});

test("SID-6: a cookie of 16 KB is too much for the server, and no error of ours", async () => {
  const { status } = await app.request("/dashboard", withCookie(`session=${"x".repeat(16_384)}`));
  expect(status).toBe(431);
});

test("SID-6: a NUL byte in the cookie is no error of ours", async () => {
  const bytes = `GET /dashboard HTTP/1.1\r\nHost: localhost\r\nCookie: session=a\0b\r\n\r\n`;
  expect(await rawBytes(app.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
});

test("SID-7: the cookie's name is no framework's, and its value shows nothing of the user", async () => {
  const user = await newUser();
  const cookie = await signIn(app, user);
  const [name = "", value = ""] = cookie.split("=");
  const { sessionId } = await tokenIn(cookie);
  expect(name).not.toMatch(/sess?id|connect|php|java|next|iron|laravel|gatehouse/i);
  const parts = value.split(/[*~.]/).map((part) => Buffer.from(part, "base64url").toString());
  const readable = [value, ...parts].join("\n");
  for (const fact of [user.username, user.email, sessionId, '"id"'])
    expect(readable).not.toContain(fact);
});

test("SID-8: without its row a good seal opens no page", async () => {
  const { cookie, username } = await seatWithoutRow();
  const page = await app.request("/dashboard", withCookie(cookie));
  expect([page.status, page.header("location")]).toEqual([303, "/session/ended"]);
  expect(page.text).not.toContain(username);
});

test("SID-8: without its row a good seal opens no handler", async () => {
  const { cookie } = await seatWithoutRow();
  expect((await app.request("/api/session", withCookie(cookie))).status).toBe(401);
  expect((await app.request("/api/session", withCookie(cookie, { method: "HEAD" }))).status).toBe(
    401,
  );
});

test("SID-8: without its row a good seal gets no payload of a page", async () => {
  const { cookie, username } = await seatWithoutRow();
  const payload = await app.request(
    "/dashboard?_rsc",
    withCookie(cookie, { headers: { RSC: "1" } }),
  );
  expect(payload.text).toContain("/session/ended");
  expect(payload.text).not.toContain(username);
});

test("SID-8: without its row a good seal runs no action as its user", async () => {
  const { cookie, username, page } = await seatWithoutRow();
  const form = multipart(hiddenFields(page, "Sign out"));
  const before = await number("SELECT COUNT(*) FROM events");
  const headers = { ...form.headers, ...FROM_HERE };
  const asking = withCookie(cookie, { method: "POST", headers, body: form.body });
  const response = await app.request("/dashboard", asking);
  expect([response.status, response.header("location")]).toEqual([
    303,
    "/sign-in?reason=signed_out",
  ]);
  expect(response.text).not.toContain(username);
  expect(await number("SELECT COUNT(*) FROM events")).toBe(before);
});

/** A signed-in browser with an open page, whose row was deleted. */
async function seatWithoutRow() {
  const user = await newUser();
  const cookie = await signIn(app, user);
  const page = (await app.request("/dashboard", withCookie(cookie))).text;
  await change("DELETE FROM sessions WHERE user_id = ?", [user.id]);
  return { cookie, username: user.username, page };
}

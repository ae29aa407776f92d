import { beforeAll, expect, test } from "vitest";
import { openSeal, sealToken } from "@/lib/session/cookie";
import { newUser } from "@/tests/helpers/people";
import { withCookie } from "@/tests/support/asking";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";
import { newVisitor } from "@/tests/support/visitor";

let app: SharedApp;

beforeAll(async () => {
  app = await sharedApp();
});

const DAY_SECONDS = 86_400;
const IDLE_SECONDS = 14 * DAY_SECONDS;
const ABSOLUTE_SECONDS = 90 * DAY_SECONDS;

type Column = "created_at" | "last_activity_at" | "expires_at" | "absolute_expires_at";

/** A new session whose times were moved back by so many seconds. */
async function sessionMovedBack(seconds: number, columns: Column[]) {
  const user = await newUser();
  const cookie = await signIn(app, user);
  const moved = columns.map((column) => `${column} = ${column} - INTERVAL ${seconds} SECOND`);
  await change(`UPDATE sessions SET ${moved.join(", ")} WHERE user_id = ?`, [user.id]);
  return { cookie, userId: user.id };
}

async function rowOf(userId: number) {
  const [row] = await rows("SELECT * FROM sessions WHERE user_id = ?", [userId]);
  return row;
}

async function statusOf(cookie: string): Promise<number> {
  return (await app.request("/api/session", withCookie(cookie))).status;
}

test("TO-1: a session that was idle for longer than the limit is refused", async () => {
  const { cookie } = await sessionMovedBack(IDLE_SECONDS, ["last_activity_at", "expires_at"]);
  expect(await statusOf(cookie)).toBe(401);
  expect((await app.request("/dashboard", withCookie(cookie))).header("location")).toBe(
    "/session/ended",
  );
});

test("TO-1: the last activity alone decides, whatever end the row has", async () => {
  const { cookie } = await sessionMovedBack(IDLE_SECONDS, ["last_activity_at"]);
  expect(await statusOf(cookie)).toBe(401);
});

test("TO-1: a minute before the limit the session lives, and its use moves the end", async () => {
  const back = IDLE_SECONDS - 60;
  const { cookie, userId } = await sessionMovedBack(back, ["last_activity_at", "expires_at"]);
  const before = await rowOf(userId);
  expect(await statusOf(cookie)).toBe(200);
  await expect.poll(async () => (await rowOf(userId))?.expires_at > before?.expires_at).toBe(true);
});

test("TO-1: an idle session is not revived by requests, and its end is written down", async () => {
  const moved: Column[] = ["last_activity_at", "expires_at"];
  const { cookie, userId } = await sessionMovedBack(IDLE_SECONDS, moved);
  const before = await rowOf(userId);
  expect([await statusOf(cookie), await statusOf(cookie)]).toEqual([401, 401]);
  await expect.poll(async () => (await rowOf(userId))?.end_reason).toBe("idle");
  const after = await rowOf(userId);
  expect(after?.last_activity_at).toEqual(before?.last_activity_at);
  expect(after?.secret_hash).toBeNull();
  expect(await statusOf(cookie)).toBe(401);
});

test("TO-1: the sign-in page says that the session was idle", async () => {
  const { cookie } = await sessionMovedBack(IDLE_SECONDS, ["last_activity_at"]);
  const { hops, response } = await visitorWith(cookie).open("/dashboard");
  expect(hops.at(-1)).toBe("/sign-in?reason=idle");
  expect(response.text).toContain("after a long time without activity");
});

test("TO-2: an active session is refused once its sign-in is too long ago", async () => {
  const { cookie, userId } = await sessionMovedBack(ABSOLUTE_SECONDS, ["created_at"]);
  expect([await statusOf(cookie), await statusOf(cookie)]).toEqual([401, 401]);
  await expect.poll(async () => (await rowOf(userId))?.end_reason).toBe("absolute");
});

test("TO-2: a session is refused from its absolute end on", async () => {
  const { cookie } = await sessionMovedBack(ABSOLUTE_SECONDS, ["absolute_expires_at"]);
  const { hops } = await visitorWith(cookie).open("/dashboard");
  expect(hops.at(-1)).toBe("/sign-in?reason=absolute");
});

test("TO-2: activity does not move the absolute end", async () => {
  const back = ABSOLUTE_SECONDS - 3600;
  const { cookie, userId } = await sessionMovedBack(back, ["created_at", "absolute_expires_at"]);
  await change(
    "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 1 DAY WHERE user_id = ?",
    [userId],
  );
  const before = await rowOf(userId);
  expect(await statusOf(cookie)).toBe(200);
  await expect
    .poll(async () => (await rowOf(userId))?.last_activity_at > before?.last_activity_at)
    .toBe(true);
  const after = await rowOf(userId);
  expect(after?.absolute_expires_at).toEqual(before?.absolute_expires_at);
  expect(after?.expires_at).toEqual(before?.absolute_expires_at);
});

/** The same token in a seal that was made `ageSeconds` ago and held for the absolute age. */
async function agedSeal(cookie: string, ageSeconds: number): Promise<string> {
  const token = await openSeal(cookie.slice("session=".length));
  if (!token) throw new Error("no seal of ours");
  const madeAt = new Date(Date.now() - ageSeconds * 1000);
  const absoluteExpiresAt = new Date(madeAt.getTime() + ABSOLUTE_SECONDS * 1000);
  return `session=${await sealToken({ ...token, absoluteExpiresAt }, madeAt)}`;
}

test("TO-6: the edge turns a seal away after its absolute end, although the row still lives", async () => {
  const cookie = await agedSeal(await signIn(app, await newUser()), ABSOLUTE_SECONDS + 1);
  const response = await app.request("/dashboard", withCookie(cookie));
  expect([response.status, response.header("location")]).toEqual([303, "/sign-in?reason=absolute"]);
  expect(response.setCookies[0]).toMatch(/^session=; .*Max-Age=0/);
});

test("TO-6: a seal just before its absolute end passes the edge", async () => {
  const cookie = await agedSeal(await signIn(app, await newUser()), ABSOLUTE_SECONDS - 60);
  expect((await app.request("/dashboard", withCookie(cookie))).status).toBe(200);
});

test("TO-6: the row refuses after the absolute end, whatever the seal says", async () => {
  const { cookie } = await sessionMovedBack(ABSOLUTE_SECONDS, ["absolute_expires_at"]);
  expect(await statusOf(cookie)).toBe(401);
});

test("TO-6: a cookie that goes with the browser is no seal without end", async () => {
  const cookie = await signIn(app, await newUser(), { remember: false });
  const token = await openSeal(cookie.slice("session=".length));
  const left = Number(token?.absoluteExpiresAt) - Date.now();
  expect(left).toBeGreaterThan((ABSOLUTE_SECONDS - 60) * 1000);
  expect(left).toBeLessThanOrEqual(ABSOLUTE_SECONDS * 1000);
});

function visitorWith(cookie: string) {
  const visitor = newVisitor(app);
  visitor.jar.set("session", cookie.slice("session=".length));
  return visitor;
}

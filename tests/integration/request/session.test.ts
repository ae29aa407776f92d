import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { GET } from "@/app/api/session/route";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { inTransaction } from "@/lib/db/transaction";
import { endOwnOthers } from "@/lib/request/acts";
import { currentSession, currentUser } from "@/lib/request/current";
import { withoutSession, withSession } from "@/lib/request/handler";
import { json, noContent } from "@/lib/request/problem";
import { updateSessionData } from "@/lib/request/session-data";
import { signIn } from "@/lib/request/sign-in";
import { endSession } from "@/lib/request/sign-out";
import { sealToken, sessionCookieName } from "@/lib/session/cookie";
import { endSessionById } from "@/lib/session/end";
import { rotateSession } from "@/lib/session/lifecycle";
import { newSessionId } from "@/lib/session/token";
import { responseOf } from "@/tests/helpers/next-request";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { statementsDuring } from "../../support/asked-statements";
import { changedMeanwhile, SECRET_DEAD, SECRET_REPLACED } from "../../support/held-row";
import {
  DEVICE,
  METHODS,
  rowOf,
  type SignedIn,
  setColumn,
  signedIn,
} from "../../support/signed-in";
import { idBytes, number, rows } from "../../support/sql";

vi.mock("next/headers", () => import("@/tests/helpers/next-request"));
vi.mock("next/server", () => import("@/tests/helpers/next-request"));
afterAll(closeHashingThreads);

const cookieOf = async ({ token }: SignedIn) =>
  `${sessionCookieName()}=${await sealToken(token, new Date())}`;
/** From where the sessions were begun. */
const HERE = { "x-gatehouse-peer": DEVICE.ipAddress, "user-agent": DEVICE.userAgent };
const dataOf = async (userId: number) =>
  (
    await rows(
      "SELECT ended_at IS NULL AS live, data FROM sessions WHERE user_id = ? ORDER BY live",
      [userId],
    )
  ).map(({ live, data }) => [live, typeof data === "string" ? JSON.parse(data) : data]);

describe("after a sign-in in the same handler", () => {
  const enter = (username: string) =>
    signIn({ identifier: username, password: PASSWORD, remember: false });

  it("who has signed in is the current user at once, and what is kept is theirs", async () => {
    const user = await newUser();
    const handler = withoutSession(async () => {
      await enter(user.username);
      await updateSessionData({ greeting: "hello" });
      return json({ id: (await currentUser())?.id });
    });
    const response = await responseOf(handler, { method: "POST" });
    expect(JSON.parse(response.text)).toEqual({ id: user.id });
    expect(await dataOf(user.id)).toEqual([[1, { greeting: "hello" }]]);
  });

  it("RO-2: what was kept before it stays with the session before, and is nobody's then", async () => {
    const [before, user] = [await signedIn(), await newUser()];
    const handler = withSession(async () => {
      await updateSessionData({ old: 1 });
      await enter(user.username);
      await updateSessionData({ fresh: 2 });
      return noContent();
    });
    await responseOf(handler, { method: "POST", cookie: await cookieOf(before) });
    expect(await dataOf(user.id)).toEqual([[1, { fresh: 2 }]]);
    expect(await dataOf(before.user.id)).toEqual([[0, {}]]);
  });

  it("a sign-out ends the new session, and takes the cookie that was to come", async () => {
    const user = await newUser();
    const handler = withoutSession(async () => {
      await enter(user.username);
      await endSession();
      return json({ isSignedIn: (await currentSession()) !== null });
    });
    const response = await responseOf(handler, { method: "POST" });
    expect(JSON.parse(response.text)).toEqual({ isSignedIn: false });
    expect(await dataOf(user.id)).toEqual([[0, {}]]);
    const [line] = response.setCookies.filter((each) => each.startsWith(`${sessionCookieName()}=`));
    expect(line).toMatch(/^session=;.*Max-Age=0/);
  });
});

describe("a request from elsewhere", () => {
  const ask = async (it: SignedIn, headers: Record<string, string>) =>
    responseOf(GET, { cookie: await cookieOf(it), headers });
  const pairs = ({ session }: SignedIn) =>
    number("SELECT COUNT(*) FROM session_devices WHERE session_id = ?", [idBytes(session.id)]);

  it.each([{}, { "x-background": "1" }])(
    "TE-14: is written at once, whatever it says of itself: %o",
    async (header) => {
      const it = await signedIn();
      const theirs = { ...HERE, ...header, "x-gatehouse-peer": "198.51.100.9" };
      for (let asked = 0; asked < 3; asked += 1) await ask(it, theirs);
      expect(await pairs(it)).toBe(2);
      expect(await rowOf(it.session.id)).toMatchObject({
        ip_address: "198.51.100.9",
        last_activity_at: it.session.lastActivityAt,
        expires_at: it.session.expiresAt,
      });
    },
  );

  it("TE-14: is none from where the session was begun", async () => {
    const it = await signedIn();
    await ask(it, HERE);
    expect(await pairs(it)).toBe(0);
  });
});

describe("several session cookies in one request", () => {
  const cookiesOf = async (all: readonly SignedIn[]) =>
    (await Promise.all(all.map(cookieOf))).join("; ");
  const done = vi.fn(async () => noContent());
  const handler = withSession(done);
  beforeEach(() => done.mockClear());

  it.each([{}, { "x-background": "1" }])(
    "CK-10: live ones of several users open nothing, and are told of: %o",
    async (headers) => {
      const both = [await signedIn(), await signedIn()];
      for (const cookie of [await cookiesOf(both), await cookiesOf(both.reverse())]) {
        const response = await responseOf(handler, { method: "POST", cookie, headers });
        expect(response.status).toBe(401);
        expect(JSON.parse(response.text)).toMatchObject({ type: "urn:gatehouse:several-users" });
        // What a page asks by itself leaves them to the page, which tells the person why.
        const cleared = "x-background" in headers ? [] : ["/", "/api", "/api/", "/api/test"];
        expect(response.setCookies).toEqual(
          cleared.map((path) => `session=; Path=${path}; Max-Age=0; HttpOnly; SameSite=lax`),
        );
      }
      expect(done).not.toHaveBeenCalled();
      for (const { session } of both)
        expect(await rowOf(session.id)).toMatchObject({ ended_at: null });
    },
  );

  it("CK-10: a live one beside dead ones of others is taken", async () => {
    const [ours, theirs] = [await signedIn(), await signedIn()];
    await endSessionById({ id: theirs.session.id, reason: "signed_out" }, new Date());
    for (const all of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      const response = await responseOf(handler, { method: "POST", cookie: await cookiesOf(all) });
      expect([response.status, response.setCookies]).toEqual([204, []]);
    }
  });

  it("CK-10: two live ones of one user are no conflict: the present secret goes before a former one", async () => {
    const one = await signedIn();
    const two = await signedIn({ user: one.user });
    const now = new Date();
    const rotation = { provenBy: METHODS };
    const token = await inTransaction((transaction) =>
      rotateSession(transaction, one, now, rotation),
    );
    if (!token) throw new Error("the session was over");
    const cookie = await cookiesOf([one, { ...one, token }, two]);
    const response = await responseOf(handler, { method: "POST", cookie });
    expect([response.status, response.setCookies]).toEqual([204, []]);
  });

  it("CK-9: however many come, the rows are asked once, by key", async () => {
    const ours = await signedIn();
    const many = Array.from({ length: 30 }, () => ({
      ...ours,
      token: { ...ours.token, sessionId: newSessionId(new Date()) },
    }));
    const cookie = await cookiesOf([...many, ours]);
    const statements = await statementsDuring(async () => {
      const response = await responseOf(GET, { cookie, headers: HERE });
      expect(response.status).toBe(200);
    });
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatch(/where `sessions`.`id` in \(/);
  });
});

describe("RO-7: a secret that is replaced between the guard and the write", () => {
  const actAfter = (assignment: string) =>
    withSession(async (_, current) => {
      await changedMeanwhile(current.session.id, assignment, () => endOwnOthers(current));
      return noContent();
    });
  const rejections = ({ user }: SignedIn) =>
    number("SELECT COUNT(*) FROM events WHERE user_id = ? AND type = 'secret_rejected'", [user.id]);

  it.each([
    ["by a proof", SECRET_REPLACED],
    ["by a new password", SECRET_DEAD],
  ])("%s: 409, nothing is changed, no cookie, no alarm", async (_, assignment) => {
    const it = await signedIn();
    const other = await signedIn({ user: it.user });
    const asking = { method: "POST", cookie: await cookieOf(it), headers: HERE };
    const response = await responseOf(actAfter(assignment), asking);
    expect([response.status, response.setCookies]).toEqual([409, []]);
    expect(JSON.parse(response.text)).toMatchObject({ title: "Try again" });
    expect(await rowOf(other.session.id)).toMatchObject({ ended_at: null });
    expect(await rejections(it)).toBe(0);
  });

  it("the very same is done where nothing replaces it", async () => {
    const it = await signedIn();
    const other = await signedIn({ user: it.user });
    const asking = { method: "POST", cookie: await cookieOf(it), headers: HERE };
    const response = await responseOf(actAfter("ip_address = ip_address"), asking);
    expect(response.status).toBe(204);
    expect(await rowOf(other.session.id)).toMatchObject({ end_reason: "revoked" });
  });

  it("a request that was given the new secret itself goes on with it", async () => {
    const it = await signedIn();
    const other = await signedIn({ user: it.user });
    await setColumn(it.session.id, "rotation_due", "1");
    const act = withSession(async (_, current) => json({ ended: await endOwnOthers(current) }));
    const response = await responseOf(act, { method: "POST", cookie: await cookieOf(it) });
    expect([response.status, response.text]).toEqual([200, '{"ended":1}']);
    expect(response.setCookies.filter((line) => line.startsWith("session="))).toHaveLength(1);
    expect(await rowOf(other.session.id)).toMatchObject({ end_reason: "revoked" });
  });
});

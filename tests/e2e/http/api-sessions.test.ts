import { beforeAll, describe, expect, test } from "vitest";
import { OwnSessionsResponse } from "@/lib/api/session";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { makeProofOld } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { guardedRows, rows } from "@/tests/support/sql";

let app: SharedApp;
let me: ApiUser;
let other: ApiUser;

beforeAll(async () => {
  app = await sharedApp();
  [me, other] = [await apiUser(app), await apiUser(app)];
});

async function sessionsOf(who: ApiUser) {
  return OwnSessionsResponse.parse((await who.get("/api/sessions")).json()).sessions;
}
const currentId = async (who: ApiUser) =>
  (await sessionsOf(who)).find(({ current }) => current)?.id ?? "";
const isIn = async (who: ApiUser) => (await who.get("/api/session")).status === 200;
const reasons = async ({ id }: ApiUser) =>
  (await rows("SELECT end_reason FROM sessions WHERE user_id = ? ORDER BY id", [id])).map(
    ({ end_reason }) => end_reason,
  );

describe("GET /api/sessions", () => {
  test("TE-8: lists mine with this one marked, and nobody else's", async () => {
    const again = await apiUser(app, { user: me });
    const [mine, theirs] = [await sessionsOf(again), await sessionsOf(other)];
    expect(mine).toHaveLength(2);
    expect(mine.filter(({ current }) => current)).toEqual([mine[0]]);
    expect(mine.map(({ id }) => id)).not.toContain(theirs[0]?.id);
    await again.send("DELETE", "/api/session");
  });

  test("SID-5: the fields are the promised ones, and none signs in", async () => {
    const response = await me.get("/api/sessions");
    const [first] = OwnSessionsResponse.parse(response.json()).sessions;
    expect(Object.keys(first ?? {})).toEqual([
      "id",
      "current",
      "device",
      "ipAddress",
      "signedInAt",
      "lastActivityAt",
      "expiresAt",
    ]);
    expect(response.text).not.toMatch(/secret|hash/i);
    expect((await app.request("/api/session", withCookie(`session=${first?.id}`))).status).toBe(
      401,
    );
  });
});

describe("DELETE /api/sessions/{id}", () => {
  test("TE-8: ends one of mine, which is out at once", async () => {
    const laptop = await apiUser(app, { user: me });
    const { status, setCookies } = await me.send(
      "DELETE",
      `/api/sessions/${await currentId(laptop)}`,
    );
    expect([status, setCookies]).toEqual([204, []]);
    expect([await isIn(laptop), await isIn(me)]).toEqual([false, true]);
  });

  test("TE-8: ends the current one as a sign-out, cookie and all", async () => {
    const phone = await apiUser(app);
    const { status, setCookies } = await phone.send(
      "DELETE",
      `/api/sessions/${await currentId(phone)}`,
    );
    expect(status).toBe(204);
    expect(setCookies).toEqual([expect.stringMatching(/^session=;.*Max-Age=0/i)]);
    expect(await reasons(phone)).toEqual(["signed_out"]);
    expect(await isIn(phone)).toBe(false);
  });

  test("TE-10, AZ-4: another user's id is answered like one that never was", async () => {
    const theirs = await currentId(other);
    const asked = [theirs, theirs.toUpperCase(), "01a208b1-4b44-7780-9f36-147d32fc8f5f"];
    const before = await guardedRows();
    const responses = [];
    for (const id of [...asked, "x", "1", `${theirs}%00`, "..%2f..%2fsession"]) {
      const { status, json } = await me.send("DELETE", `/api/sessions/${id}`);
      responses.push({ status, body: json() });
    }
    expect(new Set(responses.map((response) => JSON.stringify(response))).size).toBe(1);
    expect(responses[0]).toMatchObject({ status: 404, body: { title: "Not found" } });
    expect(await guardedRows()).toEqual(before);
    expect(await isIn(other)).toBe(true);
  });

  test("TE-10: an administrator has no more rights here than anybody", async () => {
    const admin = await apiUser(app, { role: "admin" });
    const { status } = await admin.send("DELETE", `/api/sessions/${await currentId(other)}`);
    expect([status, await isIn(other)]).toEqual([404, true]);
  });
});

describe("TE-13: DELETE /api/sessions/{id} without a fresh proof", () => {
  const PROOF = "/api/session/reauthentication";

  test("ends no other one of mine until the password was given again", async () => {
    const here = await apiUser(app);
    const second = await apiUser(app, { user: here });
    const id = await currentId(second);
    await makeProofOld(here);
    const refused = await here.send("DELETE", `/api/sessions/${id}`);
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ type: "urn:gatehouse:reauthentication-required" });
    expect([await isIn(second), await reasons(here)]).toEqual([true, [null, null]]);
    const proven = await here.send("POST", PROOF, { password: here.password });
    const cookie = proven.setCookies[0]?.split(";")[0] ?? "";
    const asking = withCookie(cookie, { method: "DELETE", headers: FROM_HERE });
    expect((await app.request(`/api/sessions/${id}`, asking)).status).toBe(204);
    expect(await isIn(second)).toBe(false);
  });

  test("tells nothing of ids that are not mine", async () => {
    const here = await apiUser(app);
    await makeProofOld(here);
    for (const id of [await currentId(other), "01a208b1-4b44-7780-9f36-147d32fc8f5f"])
      expect((await here.send("DELETE", `/api/sessions/${id}`)).status).toBe(403);
    expect(await isIn(other)).toBe(true);
  });

  test("ends the present one all the same: that is a sign-out", async () => {
    const here = await apiUser(app);
    await makeProofOld(here);
    const { status } = await here.send("DELETE", `/api/sessions/${await currentId(here)}`);
    expect([status, await reasons(here)]).toEqual([204, ["signed_out"]]);
  });
});

describe("DELETE /api/sessions", () => {
  test("TE-8: ends all my others, says how many, and leaves this one and everybody else's", async () => {
    const here = await apiUser(app);
    const others = [await apiUser(app, { user: here }), await apiUser(app, { user: here })];
    const { status, json } = await here.send("DELETE", "/api/sessions");
    expect([status, json()]).toEqual([200, { ended: 2 }]);
    for (const each of others) expect(await isIn(each)).toBe(false);
    expect([await isIn(here), await isIn(other)]).toEqual([true, true]);
    expect((await reasons(here)).toSorted()).toEqual([null, "revoked", "revoked"].toSorted());
    expect((await here.send("DELETE", "/api/sessions")).json()).toEqual({ ended: 0 });
  });

  test("AU-10: asks for a fresh proof, and ends nothing without", async () => {
    const here = await apiUser(app);
    const second = await apiUser(app, { user: here });
    await makeProofOld(here);
    const refused = await here.send("DELETE", "/api/sessions");
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ type: "urn:gatehouse:reauthentication-required" });
    expect(await isIn(second)).toBe(true);
  });
});

describe("without a session", () => {
  test.each([
    ["GET", "/api/sessions"],
    ["DELETE", "/api/sessions"],
    ["DELETE", "/api/sessions/01a208b1-4b44-7780-9f36-147d32fc8f5f"],
  ])("%s %s is 401", async (method, path) => {
    const headers = { "Sec-Fetch-Site": "same-origin" };
    const { status, header } = await app.request(path, { method, headers });
    expect([status, header("content-type")]).toEqual([
      401,
      "application/problem+json; charset=utf-8",
    ]);
  });

  test("CS-1: from another site nothing ends", async () => {
    const id = await currentId(me);
    for (const path of ["/api/sessions", `/api/sessions/${id}`]) {
      const headers = { "Sec-Fetch-Site": "cross-site" };
      const asking = withCookie(me.cookie, { method: "DELETE", headers });
      expect((await app.request(path, asking)).status).toBe(403);
    }
    expect(await isIn(me)).toBe(true);
  });
});

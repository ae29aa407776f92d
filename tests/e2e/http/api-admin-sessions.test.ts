import { beforeAll, describe, expect, test } from "vitest";
import { SessionsResponse } from "@/lib/api/session";
import { type ApiUser, apiUser } from "@/tests/support/api";
import { FROM_HERE, withCookie } from "@/tests/support/asking";
import { alertIn, hiddenFields, multipart } from "@/tests/support/forms";
import { makeProofOld } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { rows } from "@/tests/support/sql";

let app: SharedApp;
let admin: ApiUser;
let staff: ApiUser;
let member: ApiUser;

beforeAll(async () => {
  app = await sharedApp();
  admin = await apiUser(app, { role: "admin" });
  staff = await apiUser(app, { role: "staff" });
  member = await apiUser(app);
});

const LIST = "/api/admin/sessions";
async function list(query: string) {
  return SessionsResponse.parse((await staff.get(`${LIST}?${query}`)).json());
}
const isIn = async (who: ApiUser) => (await who.get("/api/session")).status === 200;
const idOf = async ({ username }: ApiUser) =>
  (await list(`user=${username}`)).sessions[0]?.id ?? "";
const lastEnd = async ({ id }: ApiUser) =>
  (
    await rows(
      "SELECT s.end_reason, e.actor_id FROM sessions s JOIN events e ON e.session_id = s.id WHERE s.user_id = ? ORDER BY e.id DESC LIMIT 1",
      [id],
    )
  )[0];

describe("GET /api/admin/sessions", () => {
  test("finds a user's by user name, email in any letter case, and id", async () => {
    for (const user of [member.username, member.email.toUpperCase(), String(member.id)]) {
      const { sessions } = await list(`user=${encodeURIComponent(user)}`);
      expect(sessions.map((each) => each.user.username)).toEqual([member.username]);
    }
    expect(await list("user=nobody-of-that-name")).toEqual({ sessions: [], nextCursor: null });
  });

  test("takes filters as forms send them: what is empty does not narrow", async () => {
    expect((await list("user=&address=")).sessions.length).toBeGreaterThanOrEqual(3);
    expect((await list("address=127.0.0")).sessions.length).toBeGreaterThanOrEqual(3);
    expect((await list("address=8.8.8.8")).sessions).toEqual([]);
  });

  test("goes page by page, each session once, to a null", async () => {
    const somebody = await apiUser(app);
    for (let n = 0; n < 4; n += 1) await apiUser(app, { user: somebody });
    const met: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await list(`user=${somebody.username}&limit=2${cursor}`);
      met.push(...page.sessions.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
      await apiUser(app, { user: somebody });
    }
    expect([met.length, new Set(met).size]).toEqual([5, 5]);
  });

  test.each([
    ["limit", "limit=0"],
    ["limit", "limit=201"],
    ["limit", "limit=-1"],
    ["limit", "limit=ten"],
    ["limit", "limit="],
    ["limit", "limit=1.5"],
    ["limit", "limit=5&limit=6"],
    ["cursor", "cursor="],
    ["cursor", "cursor=x"],
    ["cursor", "cursor=%00"],
    ["cursor", `cursor=${Buffer.from('[1,"x"]').toString("base64url")}`],
    ["cursor", `cursor=${Buffer.from("[1,2]").toString("base64url")}`],
    ["order", "order=1;DROP%20TABLE%20users"],
  ])("a bad %s is 400, with the sentence beside its name: %s", async (field, query) => {
    const { status, json } = await staff.get(`${LIST}?${query}`);
    expect(status).toBe(400);
    expect(json()).toMatchObject({ status: 400, errors: { [field]: [expect.any(String)] } });
  });

  test("SID-5: gives nothing that signs in", async () => {
    expect((await staff.get(LIST)).text).not.toMatch(/secret|hash/i);
  });
});

describe("ending", () => {
  test("TE-9: DELETE of one ends it, and the log says who did", async () => {
    const target = await apiUser(app);
    const id = await idOf(target);
    expect((await admin.send("DELETE", `${LIST}/${id}`)).status).toBe(204);
    expect(await isIn(target)).toBe(false);
    expect(await lastEnd(target)).toEqual({ end_reason: "revoked_by_admin", actor_id: admin.id });
    // As wanted already.
    expect((await admin.send("DELETE", `${LIST}/${id}`)).status).toBe(204);
  });

  test("an unknown one is 404", async () => {
    const unstorable = "12345678-1234-1234-1234-123456789012";
    for (const id of ["01a208b1-4b44-7780-9f36-147d32fc8f5f", unstorable, "x"])
      expect((await admin.send("DELETE", `${LIST}/${id}`)).status).toBe(404);
  });

  test("TE-9: DELETE of a user's ends all, says how many, and leaves others'", async () => {
    const target = await apiUser(app);
    await apiUser(app, { user: target });
    const { status, json } = await admin.send("DELETE", `/api/admin/users/${target.id}/sessions`);
    expect([status, json()]).toEqual([200, { ended: 2 }]);
    expect([await isIn(target), await isIn(member)]).toEqual([false, true]);
    for (const id of ["999999999", "0", "x", "1e3", "-1"])
      expect((await admin.send("DELETE", `/api/admin/users/${id}/sessions`)).status).toBe(404);
  });
});

describe("AZ-4: who may", () => {
  const changes = async () => [
    `${LIST}/${await idOf(member)}`,
    `/api/admin/users/${member.id}/sessions`,
  ];

  test("staff may end sessions, too", async () => {
    const target = await apiUser(app);
    const { status } = await staff.send("DELETE", `${LIST}/${await idOf(target)}`);
    expect([status, await isIn(target)]).toEqual([204, false]);
    expect(await lastEnd(target)).toEqual({ end_reason: "revoked_by_admin", actor_id: staff.id });
  });

  describe("AZ-8: staff on an administrator", () => {
    test("the API refuses one session and all of them, and ends nothing", async () => {
      for (const path of [
        `${LIST}/${await idOf(admin)}`,
        `/api/admin/users/${admin.id}/sessions`,
      ]) {
        const { status, json } = await staff.send("DELETE", path);
        expect(status).toBe(403);
        expect(json()).toMatchObject({
          title: "Not allowed",
          detail: expect.stringContaining("higher role"),
        });
      }
      expect(await isIn(admin)).toBe(true);
    });

    test("no page offers it, and each says why", async () => {
      const id = await idOf(admin);
      const theirs = (await staff.get(`/admin/sessions/${id}`)).text;
      expect(theirs).not.toContain("End this session");
      expect((await admin.get(`/admin/sessions/${id}`)).text).toContain("End this session");
      const person = (await staff.get(`/admin/users/${admin.id}`)).text;
      expect(person).not.toContain("/admin/sessions/end");
      const list = (await staff.get(`/admin/sessions?user=${admin.username}`)).text;
      expect(list).toContain(id);
      expect(list).not.toContain(`value="${id}"`);
      expect(list).toContain("cannot be selected");
      for (const query of [`id=${id}`, `user=${admin.id}`]) {
        const confirm = (await staff.get(`/admin/sessions/end?${query}`)).text;
        expect(confirm).not.toMatch(/<input[^>]*name="(id|user)"/);
        expect(confirm).toContain("higher role");
      }
      for (const text of [theirs, person]) expect(text).toContain("higher role");
    });

    test("a form that names one all the same ends none of those that it names", async () => {
      const target = await apiUser(app);
      const [theirs, admins] = [await idOf(target), await idOf(admin)];
      const path = `/admin/sessions/end?id=${theirs}`;
      const hidden = hiddenFields((await staff.get(path)).text, "End the session");
      const { headers, body } = multipart([...hidden, ["id", admins]]);
      const asking = { method: "POST", headers: { ...FROM_HERE, ...headers }, body };
      const response = await app.request(path, withCookie(staff.cookie, asking));
      expect(alertIn(response.text)).toContain("Nothing was ended.");
      expect([await isIn(target), await isIn(admin)]).toEqual([true, true]);
    });

    test("of those chosen the page leaves out whoever is of a higher role, and says so", async () => {
      const target = await apiUser(app);
      const ids = [await idOf(target), await idOf(admin)];
      const query = ids.map((id) => `id=${id}`).join("&");
      const { text } = await staff.get(`/admin/sessions/end?${query}`);
      expect(text).toContain("End this session?");
      expect(text).toContain("One session");
      expect(hiddenFields(text, "End the session")).not.toContainEqual(["id", ids[1]]);
    });
  });

  test("to a member it does not exist: 404", async () => {
    expect((await member.get(LIST)).status).toBe(404);
    for (const path of await changes())
      expect((await member.send("DELETE", path)).status).toBe(404);
    expect(await isIn(member)).toBe(true);
  });

  test("to a stranger: 401", async () => {
    for (const path of [LIST, "/api/admin/users", "/api/admin/events", "/api/admin/stats"])
      expect((await app.request(path)).status).toBe(401);
    const headers = { "Sec-Fetch-Site": "same-origin" };
    for (const path of await changes())
      expect((await app.request(path, { method: "DELETE", headers })).status).toBe(401);
  });

  test("AU-10: an administrator whose proof is old is asked for another", async () => {
    const late = await apiUser(app, { role: "admin" });
    await makeProofOld(late);
    for (const path of await changes()) {
      const { status, json } = await late.send("DELETE", path);
      expect(status).toBe(403);
      expect(json()).toMatchObject({ type: "urn:gatehouse:reauthentication-required" });
    }
    expect(await isIn(member)).toBe(true);
    expect((await late.get(LIST)).status).toBe(200);
  });
});

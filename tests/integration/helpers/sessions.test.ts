import { afterAll, expect, it, vi } from "vitest";
import { GET } from "@/app/api/session/route";
import { DELETE as END_OTHERS } from "@/app/api/sessions/route";
import { closeHashingThreads } from "@/lib/auth/password-threads";
import { settings } from "@/lib/env";
import { endSessionById } from "@/lib/session/end";
import { responseOf } from "@/tests/helpers/next-request";
import { newUser } from "@/tests/helpers/people";
import { expectEnded, letTimePass, signInAs } from "@/tests/helpers/sessions";
import { underSettings } from "../../support/under-settings";

vi.mock("next/headers", () => import("@/tests/helpers/next-request"));
vi.mock("next/server", () => import("@/tests/helpers/next-request"));
afterAll(closeHashingThreads);

const MINUTE = 60;

it("signs somebody in, by a row and a seal that a handler takes", async () => {
  const user = await newUser({ role: "staff" });
  const session = await signInAs(user, { persistent: true });
  const { status, text } = await responseOf(GET, { cookie: session.cookie });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    user: { id: String(user.id), username: user.username, role: "staff" },
    session: { id: session.id, persistent: true },
  });
});

it("gives a browser the cookie of the site", async () => {
  const session = await signInAs(await newUser());
  const taken: object[] = [];
  const browser = { addCookies: async (cookies: readonly object[]) => void taken.push(...cookies) };
  await session.addTo(browser, "http://localhost:4000");
  const [name, value] = session.cookie.split("=");
  const attributes = { httpOnly: true, sameSite: "Lax", url: "http://localhost:4000" };
  expect(taken).toEqual([{ name, value, ...attributes }]);
});

it("signs in nobody who is disabled", async () => {
  const user = await newUser({ status: "disabled" });
  await expect(signInAs(user)).rejects.toThrow(`${user.username} cannot sign in`);
});

it("makes a proof old by letting time pass", async () => {
  const session = await signInAs(await newUser());
  const ask = () => responseOf(END_OTHERS, { method: "DELETE", cookie: session.cookie });
  expect((await ask()).status).toBe(200);
  await letTimePass(session, 16 * MINUTE);
  const late = await ask();
  expect(late.status).toBe(403);
  expect(late.text).toContain("reauthentication-required");
});

it("lets a session run out, and knows why it is over", async () => {
  const idle = await signInAs(await newUser());
  await letTimePass(idle, settings().SESSION_COOKIE_AGE - MINUTE);
  await expect(expectEnded(idle, "idle")).rejects.toThrow("is live");
  await letTimePass(idle, MINUTE + 1);
  await expectEnded(idle, "idle");
  expect((await responseOf(GET, { cookie: idle.cookie })).status).toBe(401);
  await letTimePass(idle, settings().SESSION_ABSOLUTE_AGE);
  await expectEnded(idle, "idle");
});

it("tells one reason from another, and a session that is not there", async () => {
  const session = await signInAs(await newUser());
  await endSessionById({ id: session.id, reason: "revoked" }, new Date());
  await expectEnded(session, "revoked");
  await expect(expectEnded(session, "idle")).rejects.toThrow("ended by revoked");
  const nobodys = { id: "01890000-0000-7000-8000-000000000000" };
  await expect(expectEnded(nobodys, "idle")).rejects.toThrow("There is no session");
});

it("refuses a site that others reach", async () => {
  const user = await newUser();
  const session = await signInAs(user);
  const site = { APP_URL: "https://app.example.com" };
  const load = () =>
    Promise.all([import("@/tests/helpers/people"), import("@/tests/helpers/sessions")]);
  const [people, sessions] = await underSettings(site, load);
  const refusal = /for sites of this machine alone, and APP_URL is at app\.example\.com/;
  await expect(people.newUser()).rejects.toThrow(refusal);
  await expect(sessions.signInAs(user)).rejects.toThrow(refusal);
  await expect(sessions.letTimePass(session, 1)).rejects.toThrow(refusal);
});

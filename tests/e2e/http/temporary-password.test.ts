// What opens, and what does not, to whoever signed in with a password that somebody else made.
import { beforeAll, describe, expect, test } from "vitest";
import { generatePassword } from "@/lib/auth/password";
import { projectEntries } from "@/scripts/guards/project";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import {
  NEW_PASSWORD,
  PASSWORD_PAGE,
  sendNewPassword,
  signedInVisitor,
} from "@/tests/support/account-pages";
import { apiUser } from "@/tests/support/api";
import { FROM_HERE, postJson } from "@/tests/support/asking";
import { fieldError, hiddenFields, multipart } from "@/tests/support/forms";
import { signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp();
});

const NEEDED = { status: 403, type: "urn:gatehouse:password-change-required" };
const OTHERS_ID = "00000000-0000-7000-8000-000000000000";
const temporary = (role: "member" | "admin" = "admin") =>
  newUser({ role, temporarySince: new Date() });
const storedOf = async ({ id }: TestUser) =>
  (await rows("SELECT password_hash, password_is_temporary FROM users WHERE id = ?", [id]))[0];
const signInStatus = async ({ username }: TestUser, password: string) =>
  (await app.request("/api/session", postJson({ identifier: username, password }))).status;
const addressOf = (address: string) =>
  address.replace("[id]", address.includes("sessions/[id]") ? OTHERS_ID : "1");

describe("AU-17: with a temporary password", () => {
  test("every page but one leads to the page that sets one's own, RSC included, with no private byte", async () => {
    const { user, visitor } = await signedInVisitor(app, await temporary());
    const isGuarded = ({ kind, guard }: { kind: string; guard: string | null }) =>
      kind === "page" && /^require(Session|Role)/.test(guard ?? "");
    const guarded = projectEntries()
      .filter(isGuarded)
      .map(({ address }) => addressOf(address));
    expect(guarded.length).toBeGreaterThan(10);
    for (const address of guarded.filter((each) => each !== PASSWORD_PAGE))
      for (const headers of [{}, { RSC: "1" }]) {
        const first = await visitor.ask(address, { headers });
        // Next wants its own parameter in a request for RSC, and says so first.
        const isUnasked = first.header("location").includes("_rsc");
        const response = isUnasked
          ? await visitor.ask(first.header("location"), { headers })
          : first;
        const ways = `${response.header("location")} ${response.text}`;
        expect([address, ways]).toEqual([address, expect.stringContaining(PASSWORD_PAGE)]);
        for (const word of [user.email, user.name]) expect(response.text).not.toContain(word);
      }
    const { text } = await visitor.ask("/");
    for (const word of [user.email, user.name]) expect(text).not.toContain(word);
  });

  test("AZ-9: the console does not exist for a member all the same, nor does any way on from it", async () => {
    const { visitor } = await signedInVisitor(app, await temporary("member"));
    const ofConsole = projectEntries().filter(
      ({ kind, guard, address }) => kind === "page" && guard && address.startsWith("/admin"),
    );
    expect(ofConsole.length).toBeGreaterThan(5);
    const nowhere = (await visitor.ask("/admin/nothing/here")).text;
    for (const { address } of ofConsole) {
      const response = await visitor.ask(addressOf(address));
      const [title] = /<title>[^<]*/.exec(response.text) ?? [];
      expect([address, response.status, response.header("location")]).toEqual([address, 404, ""]);
      expect(nowhere).toContain(title);
    }
  });

  test("every handler that asks for a session answers 403 of its own type", async () => {
    const who = await apiUser(app, { user: await temporary() });
    const guarded = projectEntries().filter(({ guard }) => guard?.startsWith("withSession("));
    expect(guarded.length).toBeGreaterThan(10);
    for (const { method, address } of guarded) {
      const response = await who.send(method, addressOf(address));
      expect([method, address, response.json()]).toEqual([
        method,
        address,
        expect.objectContaining(NEEDED),
      ]);
    }
  });

  test("AZ-9: the handlers of the console do not exist for a member all the same", async () => {
    const who = await apiUser(app, { user: await temporary("member") });
    const hidden = projectEntries().filter(
      ({ guard, address }) => guard?.includes("isHidden: true") && address.startsWith("/api/"),
    );
    expect(hidden.length).toBeGreaterThan(5);
    const nowhere = (await who.send("GET", "/api/admin/nothing")).text;
    for (const { method, address } of hidden) {
      const { status, text } = await who.send(method, addressOf(address));
      expect([method, address, status, text]).toEqual([method, address, 404, nowhere]);
    }
  });

  test("a server action of a page behind it does nothing", async () => {
    const { user, visitor } = await signedInVisitor(app);
    await signIn(app, user);
    const page = await visitor.ask("/account/sessions");
    const form = multipart(hiddenFields(page.text, "End the other session"));
    await change("UPDATE users SET password_is_temporary = 1 WHERE id = ?", [user.id]);
    const headers = { ...form.headers, ...FROM_HERE };
    const response = await visitor.ask("/account/sessions", {
      method: "POST",
      headers,
      body: form.body,
    });
    expect(response.header("location")).toContain(PASSWORD_PAGE);
    const ended = await rows("SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NOT NULL", [
      user.id,
    ]);
    expect(ended).toEqual([]);
  });

  test("signing out works, by program and by button", async () => {
    const who = await apiUser(app, { user: await temporary() });
    expect((await who.send("DELETE", "/api/session")).status).toBe(204);
    expect((await who.get("/api/session")).status).toBe(401);
    const { visitor } = await signedInVisitor(app, await temporary());
    const response = await visitor.submit(PASSWORD_PAGE, "Sign out");
    expect(response.header("location")).toContain("/sign-in?reason=signed_out");
  });

  test("one's own is set with it, opens everything, ends the other sessions and leads on", async () => {
    const user = await temporary("member");
    const other = await apiUser(app, { user });
    const { visitor } = await signedInVisitor(app, user);
    const { hops } = await visitor.open("/account/sessions");
    expect(hops).toEqual([`${PASSWORD_PAGE}?returnTo=%2Faccount%2Fsessions`]);
    const response = await visitor.submit(hops[0] ?? "", "Set password", typed(NEW_PASSWORD));
    expect(response.header("location")).toBe("/account/sessions");
    expect((await visitor.ask("/account/sessions")).status).toBe(200);
    expect((await other.get("/api/session")).status).toBe(401);
    expect(await storedOf(user)).toMatchObject({ password_is_temporary: 0 });
    expect([await signInStatus(user, NEW_PASSWORD), await signInStatus(user, PASSWORD)]).toEqual([
      200, 401,
    ]);
  });

  test("AU-17: one's own is none that was made for somebody, this one or another", async () => {
    const user = await temporary("member");
    const before = await storedOf(user);
    const { visitor } = await signedInVisitor(app, user);
    const { text } = await visitor.submit(PASSWORD_PAGE, "Set password", typed(generatePassword()));
    expect(fieldError(text, "newPassword")).toContain("made for somebody");
    expect(await storedOf(user)).toEqual(before);
  });

  test("a session whose role has changed gets its new secret, and goes in no circle", async () => {
    const user = await temporary("member");
    const { visitor } = await signedInVisitor(app, user);
    await change("UPDATE sessions SET rotation_due = 1 WHERE user_id = ?", [user.id]);
    const { hops, response } = await visitor.open("/dashboard");
    expect([hops.length, response.status]).toEqual([3, 200]);
  });
});

describe("AU-17: after 7 days a temporary password", () => {
  const DAYS_7 = 7 * 86_400_000;

  test("lets nobody in, with the answer for any wrong one", async () => {
    const dead = await newUser({ temporarySince: new Date(Date.now() - DAYS_7) });
    const alive = await newUser({ temporarySince: new Date(Date.now() - DAYS_7 + 60_000) });
    const ask = ({ username }: TestUser, password: string) =>
      app.request("/api/session", postJson({ identifier: username, password }));
    const wrong = await ask(alive, "not the password at all");
    const over = await ask(dead, PASSWORD);
    expect([over.status, over.text]).toEqual([wrong.status, wrong.text]);
    expect((await ask(alive, PASSWORD)).status).toBe(200);
    const [event] = await rows("SELECT detail FROM events WHERE user_id = ?", [dead.id]);
    expect(event?.detail).toMatchObject({ cause: "temporary_password_over" });
  });

  test("sets no other in a session that it began; the page says what to do", async () => {
    const user = await temporary("member");
    const before = await storedOf(user);
    const { visitor } = await signedInVisitor(app, user);
    const page = (await visitor.ask(PASSWORD_PAGE)).text;
    expect(page).toContain("Set password");
    await change(
      "UPDATE users SET password_set_at = password_set_at - INTERVAL 7 DAY WHERE id = ?",
      [user.id],
    );
    const { text } = await visitor.ask(PASSWORD_PAGE);
    expect(text).toContain("Your temporary password has run out.");
    await expect(visitor.submit(PASSWORD_PAGE, "Set password")).rejects.toThrow("no form");
    expect(await storedOf(user)).toEqual(before);
  });
});

describe("what a page says is not contradicted", () => {
  test("a wrong try after a change takes the place of the good news", async () => {
    const { visitor } = await signedInVisitor(app);
    const way = (await sendNewPassword(visitor)).header("location");
    expect((await visitor.ask(way)).text).toContain("Your password is changed.");
    const { text } = await visitor.submit(way, "Change password", typed("yet another good one 7"));
    expect(fieldError(text, "currentPassword")).toBe("That is not your current password.");
    expect(text).not.toContain("Your password is changed.");
  });
});

function typed(newPassword: string): [string, string][] {
  return [
    ["currentPassword", PASSWORD],
    ["newPassword", newPassword],
    ["confirmPassword", newPassword],
  ];
}

import { beforeAll, describe, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import {
  NEW_PASSWORD,
  PASSWORD_PAGE,
  sendNewPassword,
  signedInVisitor,
} from "@/tests/support/account-pages";
import { postJson, withCookie } from "@/tests/support/asking";
import { alertIn, fieldError, hiddenFields, multipart } from "@/tests/support/forms";
import { makeProofOld, signIn } from "@/tests/support/people";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { change, rows } from "@/tests/support/sql";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp();
});

const WRONG = "That is not your current password.";

const signInStatus = async ({ username }: TestUser, password: string) =>
  (await app.request("/api/session", postJson({ identifier: username, password }))).status;
const statusOf = async (cookie: string) =>
  (await app.request("/api/session", withCookie(cookie))).status;
const hashOf = async ({ id }: TestUser) =>
  (await rows("SELECT password_hash FROM users WHERE id = ?", [id]))[0]?.password_hash;
const eventsOf = ({ id }: TestUser, type: string) =>
  rows("SELECT session_id, detail FROM events WHERE user_id = ? AND type = ?", [id, type]);

describe("a change that is right", () => {
  test("PW-6: the new password lets in, the old one does not", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const response = await sendNewPassword(visitor);
    expect([response.status, response.header("location")]).toEqual([
      303,
      `${PASSWORD_PAGE}?changed=1`,
    ]);
    expect(await signInStatus(user, NEW_PASSWORD)).toBe(200);
    expect(await signInStatus(user, PASSWORD)).toBe(401);
  });

  test("TE-7: every other session ends with password_changed, this one goes on", async () => {
    const user = await newUser();
    const other = await signIn(app, user);
    const { visitor } = await signedInVisitor(app, user);
    await sendNewPassword(visitor);
    expect(await statusOf(other)).toBe(401);
    expect((await visitor.ask("/api/session")).status).toBe(200);
    const ends = await rows(
      "SELECT end_reason FROM sessions WHERE user_id = ? ORDER BY created_at",
      [user.id],
    );
    expect(ends.map(({ end_reason }) => end_reason)).toEqual(["password_changed", null]);
  });

  test("TE-7, RO-7: this session gets a new secret; the old one is dead at once", async () => {
    const { visitor } = await signedInVisitor(app);
    const old = `session=${visitor.jar.get("session")}`;
    await sendNewPassword(visitor);
    expect(`session=${visitor.jar.get("session")}`).not.toBe(old);
    expect(await statusOf(old)).toBe(401);
    expect((await visitor.ask("/api/session")).status).toBe(200);
  });

  test("LG-1: it is written down with its session, and no password with it", async () => {
    const { user, visitor } = await signedInVisitor(app);
    await sendNewPassword(visitor);
    const [event, ...more] = await eventsOf(user, "password_changed");
    expect([event?.session_id === null, more]).toEqual([false, []]);
  });

  test("it is said on the page, and not to whoever follows a link that says so", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const { response } = await visitor.open((await sendNewPassword(visitor)).header("location"));
    expect(response.text).toContain("Your password is changed.");
    await makeProofOld(user);
    expect((await visitor.ask(`${PASSWORD_PAGE}?changed=1`)).text).not.toContain("is changed.");
  });
});

describe("a change that is refused", () => {
  test("PW-6: a wrong old password changes nothing, and is written down", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const [hash, other] = [await hashOf(user), await signIn(app, user)];
    const response = await sendNewPassword(visitor, { currentPassword: "not my password" });
    expect([response.status, fieldError(response.text, "currentPassword")]).toEqual([200, WRONG]);
    expect([await hashOf(user), await statusOf(other)]).toEqual([hash, 200]);
    expect(await eventsOf(user, "sign_in_failed")).toHaveLength(1);
    expect(response.setCookies).toEqual([]);
  });

  test("PW-6: without the old password nothing is changed", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const hash = await hashOf(user);
    const { text } = await sendNewPassword(visitor, { currentPassword: "" });
    expect(fieldError(text, "currentPassword")).toBe("Give your current password.");
    expect(await hashOf(user)).toBe(hash);
  });

  test("PW-6: after too many wrong ones the right one is not looked at, and the page says how long", async () => {
    const tried = await sharedApp({ THROTTLE_FAILURES: "3" });
    const { user, visitor } = await signedInVisitor(tried);
    const hash = await hashOf(user);
    // A browser that is not known, so that the counter of account and address is the one that counts.
    for (const name of visitor.jar.keys()) if (name !== "session") visitor.jar.delete(name);
    for (let wrong = 0; wrong < 3; wrong += 1)
      await sendNewPassword(visitor, { currentPassword: "not my password" });
    const response = await sendNewPassword(visitor);
    expect(alertIn(response.text)).toMatch(/Too many tries\. Try again in \d+ minutes\./);
    expect(await hashOf(user)).toBe(hash);
  });

  test("PW-6: two that differ are refused beside the second", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const hash = await hashOf(user);
    const { text } = await sendNewPassword(visitor, { confirmPassword: `${NEW_PASSWORD}!` });
    expect(fieldError(text, "confirmPassword")).toBe("This is not the same as the new password.");
    expect(await hashOf(user)).toBe(hash);
  });

  test("PW-11: nothing that was typed comes back, or gets into the log", async () => {
    const { visitor } = await signedInVisitor(app);
    const typed = {
      currentPassword: "tulip marmalade 1",
      newPassword: "tulip marmalade 2 and more",
      confirmPassword: "tulip marmalade 3 and more",
    };
    const mismatch = await sendNewPassword(visitor, typed);
    const wrong = await sendNewPassword(visitor, { ...typed, confirmPassword: typed.newPassword });
    for (const said of [mismatch.text, wrong.text, app.log()]) expect(said).not.toContain("tulip");
  });

  test("CS-1: a form from another site is refused and changes nothing", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const hash = await hashOf(user);
    const hidden = hiddenFields((await visitor.ask(PASSWORD_PAGE)).text, "Change password");
    const { headers, body } = multipart([
      ...hidden,
      ["currentPassword", PASSWORD],
      ["newPassword", NEW_PASSWORD],
      ["confirmPassword", NEW_PASSWORD],
    ]);
    const forged = { ...headers, "Sec-Fetch-Site": "cross-site" };
    const response = await visitor.ask(PASSWORD_PAGE, { method: "POST", headers: forged, body });
    expect([response.status, await hashOf(user)]).toEqual([403, hash]);
  });

  test("TE-7: a session that was ended meanwhile changes nothing", async () => {
    const { user, visitor } = await signedInVisitor(app);
    const hash = await hashOf(user);
    const hidden = hiddenFields((await visitor.ask(PASSWORD_PAGE)).text, "Change password");
    const end = "ended_at = now(3), end_reason = 'revoked', secret_hash = NULL";
    await change(`UPDATE sessions SET ${end} WHERE user_id = ?`, [user.id]);
    const { headers, body } = multipart([
      ...hidden,
      ["currentPassword", PASSWORD],
      ["newPassword", NEW_PASSWORD],
      ["confirmPassword", NEW_PASSWORD],
    ]);
    const own = { ...headers, "Sec-Fetch-Site": "same-origin" };
    const response = await visitor.ask(PASSWORD_PAGE, { method: "POST", headers: own, body });
    expect(response.header("location")).toContain("/session/ended");
    expect(await hashOf(user)).toBe(hash);
  });
});

test("the account page tells me who I am, since when, and where to go", async () => {
  const { user, visitor } = await signedInVisitor(app);
  const { text } = await visitor.ask("/account");
  for (const word of [user.name, user.username, user.email, "Member since", "Last sign-in"])
    expect(text).toContain(word);
  for (const href of ["/dashboard", PASSWORD_PAGE, "/account/sessions"])
    expect(text).toContain(`href="${href}"`);
  expect(text).not.toContain('href="/admin"');
});

test.each(["staff", "admin"] as const)("the menu leads %s to the console", async (role) => {
  const { visitor } = await signedInVisitor(app, await newUser({ role }));
  expect((await visitor.ask("/account")).text).toContain('href="/admin"');
});

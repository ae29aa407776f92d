// What people do by mail, from what they press to where they are signed in again. Mails are read where
// the site keeps them: it has no SMTP server.
import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { NEW_PASSWORD } from "@/tests/support/account-pages";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { mailedTokenTo, mailsTo } from "@/tests/support/mailbox";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";
import { submit } from "@/tests/support/sign-in-page";
import { change, rows } from "@/tests/support/sql";
import { scripting } from "@/tests/support/two-builds";

const chromium = chromiumForFile();
const BUILD = "with the middleware";

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp({ SIGN_UP: "open" });
});

async function openLink(page: Page, path: string, { email }: { email: string }, kind: string) {
  await page.goto(`${path}?token=${await mailedTokenTo(email, kind)}`);
  // Nobody looks over a shoulder, or into the browser's history, for a token that is not there.
  expect(new URL(page.url()).search).toBe("");
}

async function typeNewPassword(page: Page, password = NEW_PASSWORD) {
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password, once more").fill(password);
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const kindsTo = async ({ email }: TestUser) => (await mailsTo(email)).map(({ kind }) => kind);
const rowOf = async ({ id }: TestUser) =>
  (await rows("SELECT email, erase_at FROM users WHERE id = ?", [id]))[0];

async function signInOn(page: Page, { username }: { username: string }, password = PASSWORD) {
  await page.goto("/sign-in");
  await submit(page, username, password);
  await page.waitForURL("**/dashboard");
}

// A page that follows the end of a session makes itself anew: what comes next is in another tab.
async function nextTab(page: Page, words: string): Promise<Page> {
  await page.getByText(words).waitFor();
  return page.context().newPage();
}

describe.each(scripting(BUILD))("%s", (_, javaScriptEnabled) => {
  const visit = () => chromium.visit(app, { javaScriptEnabled });

  test("RS-1: I forgot my password: the mail's link sets a new one, once, and I sign in with it", async () => {
    const user = await newUser();
    const { page } = await visit();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("User name or email").fill(user.username);
    await press(page, "Send me a link");
    await page.getByText("a link is on its way").waitFor();
    await openLink(page, "/reset-password", user, "password_reset");
    await typeNewPassword(page, "password1password1");
    await press(page, "Set the new password");
    await page.getByText("tried first").waitFor();
    await typeNewPassword(page);
    await press(page, "Set the new password");
    await page.getByText("A new password was set.").waitFor();
    await signInOn(page, user, NEW_PASSWORD);
    await openLink(page, "/reset-password", user, "password_reset");
    await page.getByText("This link no longer works").waitFor();
    expect(await kindsTo(user)).toContain("password_was_reset");
  });

  test("RS-5: I invite somebody, who chooses their own password and signs in", async () => {
    const admin = await visit();
    await (await signInAs(await newUser({ role: "admin" }))).addTo(admin.context, app.origin);
    await admin.page.goto("/admin/users/new");
    const username = `i${crypto.randomUUID().slice(0, 12)}`;
    const email = `${username}@example.com`;
    await admin.page.getByLabel("User name").fill(username);
    await admin.page.getByLabel("Email").fill(email);
    await press(admin.page, "Add the user");
    await admin.page.getByText(`${username} was added`).waitFor();
    const shown = await admin.page.getByText("/invitation?token=").innerText();
    expect(new URL(shown).searchParams.get("token")).toBe(await mailedTokenTo(email, "invitation"));
    const { page } = await visit();
    await openLink(page, "/invitation", { email }, "invitation");
    await page.getByText(`Your user name is ${username}`).waitFor();
    await typeNewPassword(page);
    await press(page, "Set the new password");
    await page.getByText("Your password is set.").waitFor();
    await signInOn(page, { username }, NEW_PASSWORD);
  });

  test("RS-5: I send a user a link to set a new password, and never see it", async () => {
    const [admin, person] = [await newUser({ role: "admin" }), await newUser()];
    const { page, context } = await visit();
    await (await signInAs(admin)).addTo(context, app.origin);
    await page.goto(`/admin/users/${person.id}`);
    await page.getByRole("link", { name: "Send a link to set a new password…" }).click();
    await press(page, "Send the link");
    await page.getByText(`is on its way to ${person.email}`).waitFor();
    expect(await page.content()).not.toContain(await mailedTokenTo(person.email, "password_reset"));
  });

  test("AU-2: I sign up, confirm my address and sign in; before that I am told what is missing", async () => {
    const username = `s${crypto.randomUUID().slice(0, 12)}`;
    const email = `${username}@example.com`;
    const { page } = await visit();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Sign up" }).click();
    await page.getByLabel("User name").fill(username);
    await page.getByLabel("Email").fill(email);
    await typeNewPassword(page);
    await press(page, "Sign up");
    await page.getByText("Check your mail:").waitFor();
    await page.goto("/sign-in");
    await submit(page, username, NEW_PASSWORD);
    const former = await mailedTokenTo(email, "email_verification");
    await page.getByRole("link", { name: "Send that mail again" }).click();
    await page.getByLabel("User name or email").fill(username);
    await press(page, "Send me a new link");
    await page.getByText("a link is on its way").waitFor();
    await page.goto(`/verify-email?token=${former}`);
    await page.getByText("This link no longer works").waitFor();
    await openLink(page, "/verify-email", { email }, "email_verification");
    await page.getByText(email).waitFor();
    await press(page, "Confirm this address");
    await page.getByText("Your address is confirmed.").waitFor();
    await submit(page, username, NEW_PASSWORD);
    await page.waitForURL("**/account?confirmed=1");
  });

  test("AU-9: a new device is told by mail; I say that it was not me, and nobody is signed in", async () => {
    const user = await newUser();
    const [mine, theirs] = [await visit(), await visit()];
    await signInOn(mine.page, user);
    await signInOn(theirs.page, user);
    const reader = await visit();
    await openLink(reader.page, "/not-me", user, "new_device");
    await press(reader.page, "This was not me");
    await reader.page.getByRole("heading", { name: "Everybody is signed out" }).waitFor();
    for (const { page } of [mine, theirs]) {
      await page.goto("/dashboard");
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      await page.getByText("was reported").waitFor();
    }
    await submit(mine.page, user.username);
    await mine.page.getByText("don’t match").waitFor();
    await openLink(mine.page, "/reset-password", user, "password_reset");
    await typeNewPassword(mine.page);
    await press(mine.page, "Set the new password");
    await signInOn(mine.page, user, NEW_PASSWORD);
  });

  test("AU-9: at my next sign-in I am asked about the new device, once, and can report it there", async () => {
    const user = await newUser();
    const [mine, theirs, third] = [await visit(), await visit(), await visit()];
    await signInOn(mine.page, user);
    const signInAnew = async (page: Page) => {
      await press(page, "Sign out");
      const tab = await nextTab(page, "You are signed out.");
      await signInOn(tab, user);
      return tab;
    };
    await signInOn(theirs.page, user);
    const first = await signInAnew(mine.page);
    await press(first, "That was me");
    await first.getByText("Was this you?").waitFor({ state: "detached" });
    await first.goto("/account");
    expect(await first.getByText("Was this you?").count()).toBe(0);
    await signInOn(third.page, user);
    const second = await signInAnew(first);
    await press(second, "This was not me");
    await second.getByRole("heading", { name: "Everybody is signed out" }).waitFor();
    await third.page.goto("/dashboard");
    expect(new URL(third.page.url()).searchParams.get("reason")).toBe("reported");
  });

  test("AU-9: I change my address; the former one can take the account back", async () => {
    const user = await newUser();
    const next = { email: `new.${user.email}` };
    const { page, context } = await visit();
    await (await signInAs(user)).addTo(context, app.origin);
    await page.goto("/account");
    await page.getByRole("link", { name: "Change email" }).click();
    await page.getByLabel("New email").fill(next.email);
    await press(page, "Send a link to it");
    await page.getByText("We mailed a link to the new address.").waitFor();
    expect((await rowOf(user))?.email).toBe(user.email);
    await openLink(page, "/verify-email", next, "email_verification");
    await press(page, "Confirm this address");
    await page.getByText("Your address is confirmed.").waitFor();
    expect((await rowOf(user))?.email).toBe(next.email);
    const reader = await visit();
    await openLink(reader.page, "/take-back", user, "email_changed");
    await press(reader.page, "Take it back");
    await reader.page.waitForURL("**/sign-in?**");
    expect((await rowOf(user))?.email).toBe(user.email);
    await page.goto("/dashboard");
    expect(new URL(page.url()).searchParams.get("reason")).toBe("reported");
  });

  test("I delete my account, and come back by the mail's link, or by signing in", async () => {
    const user = await newUser();
    const { page, context } = await visit();
    await (await signInAs(user)).addTo(context, app.origin);
    const leave = async (from: Page) => {
      await from.goto("/account");
      await from.getByRole("link", { name: "Delete account…" }).click();
      await press(from, "Delete my account");
      const tab = await nextTab(from, "Your account is closed, as you asked.");
      expect((await rowOf(user))?.erase_at).not.toBeNull();
      return tab;
    };
    const first = await leave(page);
    await openLink(first, "/take-back", user, "account_closing");
    await press(first, "Keep my account");
    const second = await nextTab(first, "Your account is kept.");
    expect((await rowOf(user))?.erase_at).toBeNull();
    await signInOn(second, user);
    await signInOn(await leave(second), user);
    expect((await rowOf(user))?.erase_at).toBeNull();
  });

  test("I change my name", async () => {
    const user = await newUser();
    const { page, context } = await visit();
    await (await signInAs(user)).addTo(context, app.origin);
    await page.goto("/account");
    await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
    await press(page, "Save name");
    await page.getByText("Your name is saved.").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Grace Hopper");
  });

  test("I look at a mail that was given up in the console, and have it sent again", async () => {
    const [staff, person] = [await newUser({ role: "staff" }), await newUser()];
    const { page, context } = await visit();
    await page.goto("/forgot-password");
    await page.getByLabel("User name or email").fill(person.username);
    await press(page, "Send me a link");
    await page.getByText("a link is on its way").waitFor();
    await expect
      .poll(() => rows("SELECT id FROM outbox WHERE user_id = ? AND sent_at > 0", [person.id]))
      .toHaveLength(1);
    await change(
      "UPDATE outbox SET sent_at = NULL, failed_at = NOW(3), last_error = 'EENVELOPE 550' WHERE user_id = ?",
      [person.id],
    );
    await (await signInAs(staff)).addTo(context, app.origin);
    await page.goto("/admin/mail?state=failed");
    const row = page.getByRole("row").filter({ hasText: person.email });
    await row.getByText("EENVELOPE 550").waitFor();
    await row.getByRole("button", { name: "Send again" }).click();
    await page.getByText("One mail is on its way again.").waitFor();
    await expect
      .poll(() => rows("SELECT id FROM outbox WHERE user_id = ? AND sent_at > 0", [person.id]))
      .toHaveLength(1);
  });
});

test("/dev/mail shows a mail as text, and as HTML that runs nothing", async () => {
  const user = await newUser();
  const { page } = await chromium.visit(app);
  await page.goto("/forgot-password");
  await page.getByLabel("User name or email").fill(user.username);
  await press(page, "Send me a link");
  await page.getByText("a link is on its way").waitFor();
  await page.goto("/dev/mail");
  const mail = page.getByRole("listitem").filter({ hasText: user.email });
  const token = await mailedTokenTo(user.email, "password_reset");
  await mail.getByText(`/reset-password?token=${token}`).waitFor();
  await mail.getByRole("link", { name: "See it as HTML" }).click();
  await page.getByRole("link", { name: "Set a new password" }).waitFor();
  const button = page.getByRole("link", { name: "Set a new password" });
  expect(await button.evaluate((link) => getComputedStyle(link).display)).toBe("inline-block");
  const { pathname, search } = new URL(page.url());
  const policy = (await app.request(pathname + search)).header("content-security-policy");
  expect(policy).toMatch(
    /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/,
  );
});

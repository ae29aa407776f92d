import type { BrowserContext, Page, Request } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { signIn } from "@/tests/support/people";
import { heading, sessionCookies, submit } from "@/tests/support/sign-in-page";
import { change } from "@/tests/support/sql";
import { appOf, STORY_BUILDS } from "@/tests/support/two-builds";

const back = (column: string) => `${column} = ${column} - INTERVAL 91 DAY`;
const ended = (reason: string) =>
  `UPDATE sessions SET ended_at = utc_timestamp(3), secret_hash = NULL, end_reason = '${reason}' WHERE user_id = ?`;
const DELETED = "DELETE FROM sessions WHERE user_id = ?";

/** What befell a user's sessions, and what is said of it. */
const ENDS = [
  {
    cause: "a long time without activity",
    sql: `UPDATE sessions SET ${back("last_activity_at")}, ${back("expires_at")} WHERE user_id = ?`,
    reason: "idle",
    words: "You were signed out after a long time without activity.",
  },
  {
    cause: "the longest time that a session may last",
    sql: `UPDATE sessions SET ${back("created_at")}, ${back("absolute_expires_at")} WHERE user_id = ?`,
    reason: "absolute",
    words: "It has been a long time since you signed in.",
  },
  {
    cause: "my account was disabled",
    sql: "UPDATE users SET status = 'disabled' WHERE id = ?",
    reason: "user_disabled",
    words: "Your session has ended. If you cannot sign in again, ask an administrator.",
  },
  {
    cause: "I ended it from another device",
    sql: ended("revoked"),
    reason: "revoked",
    words: "This session was ended from another device of yours.",
  },
  {
    cause: "an administrator ended it",
    sql: ended("revoked_by_admin"),
    reason: "revoked_by_admin",
    words: "An administrator ended this session.",
  },
  {
    cause: "my password was changed",
    sql: ended("password_changed"),
    reason: "password_changed",
    words: "Your password was changed.",
  },
  {
    cause: "I signed in on too many devices",
    sql: ended("limit"),
    reason: "limit",
    words: "the number of sessions is limited: this one was the oldest.",
  },
  {
    cause: "all sessions were ended",
    sql: ended("reset"),
    reason: "reset",
    words: "All sessions of this site were ended.",
  },
  {
    cause: "the row was deleted",
    sql: DELETED,
    reason: "unknown",
    words: "Your session has ended. Please sign in again.",
  },
  {
    cause: "the row was given another secret",
    sql: "UPDATE sessions SET secret_hash = repeat('x', 32) WHERE user_id = ?",
    reason: "unknown",
    words: "Your session has ended. Please sign in again.",
  },
];

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function signedIn() {
    const user = await newUser();
    const visit = await chromium.visit(app());
    await (await signInAs(user)).addTo(visit.context, app().origin);
    return { user, ...visit };
  }

  test.each(ENDS)("RD-2: after $cause I am at the form in two steps, told why", async (end) => {
    const { page, user } = await signedIn();
    await change(end.sql, [user.id]);
    expect(await redirects(page, "/dashboard")).toBeLessThanOrEqual(2);
    expect(page.url()).toBe(`${app().origin}/sign-in?reason=${end.reason}`);
    expect(await page.getByText(end.words).isVisible()).toBe(true);
    expect(await heading(page).isVisible()).toBe(true);
  });

  test.each([
    ["ended", ended("revoked")],
    ["deleted", DELETED],
  ])("CK-5: after my session was %s the browser keeps no cookie of it", async (_, sql) => {
    const { context, page, user } = await signedIn();
    await change(sql, [user.id]);
    await page.goto("/dashboard");
    expect(await sessionCookies(context)).toEqual([]);
  });

  test("RD-2: with an ended session the sign-in page shows the form, and why", async () => {
    const { page, user } = await signedIn();
    await change(ended("revoked_by_admin"), [user.id]);
    expect(await redirects(page, "/sign-in")).toBeLessThanOrEqual(2);
    expect(await page.getByText("An administrator ended this session.").isVisible()).toBe(true);
    expect(await heading(page).isVisible()).toBe(true);
  });

  test("RD-2: with an ended session the start page is that of a stranger", async () => {
    const { page, user } = await signedIn();
    await change(ended("revoked_by_admin"), [user.id]);
    expect(await redirects(page, "/")).toBe(0);
    expect(await page.getByText("You are not signed in.").isVisible()).toBe(true);
    expect(await page.content()).not.toContain(user.username);
  });

  test("RD-2: my session ends while I read, and the next link leads to the form, told why", async () => {
    const { context, page, user } = await signedIn();
    await page.goto("/");
    await change(ended("revoked_by_admin"), [user.id]);
    await page.getByRole("link", { name: "Go to the dashboard" }).click();
    await page.getByText("An administrator ended this session.").waitFor();
    await expect.poll(async () => (await page.content()).includes(user.username)).toBe(false);
    expect(await sessionCookies(context)).toEqual([]);
  });

  test("RD-2: after an ended session I sign in again and am where I was", async () => {
    const { page, user } = await signedIn();
    await change(ended("revoked"), [user.id]);
    await page.goto("/sign-in?returnTo=%2F%3Ftab%3Dall");
    await submit(page, user.username);
    await page.waitForURL("/?tab=all");
    expect(await page.getByText(`You are signed in as ${user.name}.`).isVisible()).toBe(true);
  });

  test("RD-2: with a cookie of nonsense I am at the form, and the cookie is gone", async () => {
    const { context, page } = await chromium.visit(app());
    await put(context, { value: "nonsense", url: app().origin });
    expect(await redirects(page, "/dashboard")).toBeLessThanOrEqual(2);
    expect(page.url()).toBe(`${app().origin}/sign-in?reason=unknown`);
    expect(await heading(page).isVisible()).toBe(true);
    expect(await sessionCookies(context)).toEqual([]);
  });

  test.each([
    ["of an old path", { domain: "localhost", path: "/dashboard" }],
    ["of an old domain", { domain: ".localhost", path: "/" }],
  ])("RD-2: with a cookie %s I am at the form", async (_, place) => {
    const { context, page } = await chromium.visit(app());
    await put(context, { value: "nonsense", ...place });
    expect(await redirects(page, "/dashboard")).toBeLessThanOrEqual(2);
    expect(await heading(page).isVisible()).toBe(true);
  });

  test.each([
    ["of an old path", { domain: "localhost", path: "/dashboard" }],
    ["of an old domain", { domain: ".localhost", path: "/" }],
  ])("CK-9: a cookie %s does not shut me out", async (_, place) => {
    const { context, page } = await chromium.visit(app());
    await put(context, { value: "nonsense", ...place });
    const user = await newUser();
    await page.goto("/sign-in");
    await submit(page, user.username);
    await page.waitForURL("/dashboard");
    await page.reload();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(user.name);
  });

  test("CK-10: somebody else's live session beside mine is refused with it, and then I am myself", async () => {
    const { context, page, user } = await signedIn();
    const [, value = ""] = (await signIn(app(), await newUser())).split(/=(.*)/s);
    await put(context, { value, domain: "localhost", path: "/dashboard" });
    expect(await redirects(page, "/dashboard")).toBe(2);
    const words = "Your browser was signed in to more than one account at once";
    expect(await page.getByText(words).isVisible()).toBe(true);
    expect(await sessionCookies(context)).toEqual([]);
    // It comes back, until the browser forgets all cookies.
    await put(context, { value, url: app().origin });
    await page.reload();
    const back = "Another site keeps signing your browser in to a different account here.";
    expect(await page.getByText(back).isVisible()).toBe(true);
    expect(await context.cookies()).toEqual([]);
    await submit(page, user.username);
    await page.waitForURL("/dashboard");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain(user.name);
  });
});

type Place = { url: string } | { domain: string; path: string };

async function put(context: BrowserContext, cookie: { value: string } & Place): Promise<void> {
  await context.addCookies([{ name: "session", ...cookie }]);
}

/** Opens a page; how often it was sent on before it showed something. */
async function redirects(page: Page, path: string): Promise<number> {
  const opened: Request[] = [];
  const count = (request: Request) => {
    if (request.isNavigationRequest()) opened.push(request);
  };
  page.on("request", count);
  await page.goto(path);
  page.off("request", count);
  return opened.length - 1;
}

import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { heading } from "@/tests/support/sign-in-page";
import { change, rows } from "@/tests/support/sql";
import { appOf, STORY_BUILDS } from "@/tests/support/two-builds";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function open(path: string) {
    const user = await newUser();
    const visit = await chromium.visit(app());
    await (await signInAs(user)).addTo(visit.context, app().origin);
    await visit.page.goto(path);
    await visit.page.waitForLoadState("networkidle");
    return { ...visit, user };
  }

  // What the browser does when somebody comes back to a tab.
  const comeBack = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event("focus")));
  const asked = (page: Page) =>
    page.waitForResponse((response) => new URL(response.url()).pathname === "/api/session");

  test("TE-5: when I sign out in one tab the others show nothing of mine, at once", async () => {
    const { context, page, user } = await open("/account/sessions");
    const others = [await context.newPage(), await context.newPage()] as const;
    await others[0].goto("/dashboard");
    await others[1].goto("/");
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading(others[0]).waitFor();
    await others[1].getByText("You are not signed in.").waitFor();
    for (const other of others) expect(await other.content()).not.toContain(user.username);
  });

  test("TE-5: a tab that I come back to leaves when its session was ended, and says why", async () => {
    const { page, user, expectTrouble } = await open("/account");
    expectTrouble(/401/);
    await change(
      "UPDATE sessions SET ended_at = utc_timestamp(3), end_reason = 'revoked', secret_hash = NULL WHERE user_id = ?",
      [user.id],
    );
    await comeBack(page);
    await page.getByText("This session was ended from another device of yours.").waitFor();
    expect(new URL(page.url()).searchParams.get("returnTo")).toBe("/account");
  });

  test("TE-4: a tab that I come back to stays while nobody can say, and when I am offline", async () => {
    const { page, user, expectTrouble } = await open("/account");
    expectTrouble(/503/);
    await page.route("**/api/session", (route) => route.fulfill({ status: 503, body: "{}" }));
    const response = asked(page);
    await comeBack(page);
    await response;
    expect(await page.content()).toContain(user.username);
    await page.context().setOffline(true);
    await page.getByText("You are offline.").waitFor();
    expect(await page.content()).toContain(user.username);
  });

  test("TO-5: coming back to a tab is no activity", async () => {
    const { page, user } = await open("/account");
    await change(
      "UPDATE sessions SET last_activity_at = last_activity_at - INTERVAL 10 MINUTE WHERE user_id = ?",
      [user.id],
    );
    const times = () => rows("SELECT last_activity_at FROM sessions WHERE user_id = ?", [user.id]);
    const before = await times();
    const response = asked(page);
    await comeBack(page);
    expect((await response).status()).toBe(200);
    expect(await times()).toEqual(before);
  });

  test("HD-8: no page of mine leaves anything in the browser's storage", async () => {
    const { page } = await open("/account/sessions");
    await page.goto("/dashboard");
    await page.waitForLoadState("networkidle");
    const kept = await page.evaluate(async () => ({
      items: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      cookie: document.cookie,
    }));
    expect(kept).toEqual({ items: [], databases: [], caches: [], cookie: "" });
  });
});

import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { newUser, type TestUser } from "@/tests/support/people";
import { arriveSignedIn, heading, sessionCookies } from "@/tests/support/sign-in-page";
import { change, rows } from "@/tests/support/sql";
import { appOf, BUILDS } from "@/tests/support/two-builds";

const SIGNED_IN_PAGES = ["/", "/dashboard"];

const chromium = chromiumForFile();

describe.each(BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function signedIn({ javaScriptEnabled = true } = {}) {
    const user = await newUser();
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await arriveSignedIn(visit.context, app(), user);
    return { user, ...visit };
  }

  describe.each([
    ["with JavaScript", true],
    ["without JavaScript", false],
  ])("%s", (_, javaScriptEnabled) => {
    test.each(SIGNED_IN_PAGES)(
      "TE-2: on %s is a button that signs me out and says so",
      async (path) => {
        const { page } = await signedIn({ javaScriptEnabled });
        await page.goto(path);
        await signOut(page);
        expect(page.url()).toBe(`${app().origin}/sign-in?reason=signed_out`);
        expect(await page.getByText("You are signed out.").isVisible()).toBe(true);
        expect(await heading(page).isVisible()).toBe(true);
      },
    );

    test("CK-5: after signing out the browser keeps no session cookie, and the row says why", async () => {
      const { context, page, user } = await signedIn({ javaScriptEnabled });
      await page.goto("/dashboard");
      await signOut(page);
      expect(await sessionCookies(context)).toEqual([]);
      expect(await endReasons(user)).toEqual(["signed_out"]);
    });

    test("TE-3: the button is quiet when my session has ended meanwhile", async () => {
      const { context, page, user } = await signedIn({ javaScriptEnabled });
      await page.goto("/dashboard");
      await change(
        "UPDATE sessions SET ended_at = utc_timestamp(3), end_reason = 'revoked', secret_hash = NULL WHERE user_id = ?",
        [user.id],
      );
      await signOut(page);
      expect(await heading(page).isVisible()).toBe(true);
      expect(await sessionCookies(context)).toEqual([]);
      expect(await endReasons(user)).toEqual(["revoked"]);
    });

    test("TE-5: after signing out Back, three times, shows nothing of mine", async () => {
      const { page, user } = await signedIn({ javaScriptEnabled });
      for (const path of ["/dashboard", "/", "/dashboard?again"]) await page.goto(path);
      await signOut(page);
      for (let step = 0; step < 3; step++) {
        await page.goBack();
        await expectNothingPrivate(page, user);
      }
    });
  });

  test("TE-5: after signing out Back shows nothing of mine, had I come by links", async () => {
    const { page, user } = await signedIn();
    await page.goto("/");
    await page.getByRole("link", { name: "Go to the dashboard" }).click();
    await page.waitForURL("/dashboard");
    await signOut(page);
    await page.goBack();
    await expectNothingPrivate(page, user);
    await page.goBack();
    await expectNothingPrivate(page, user);
  });

  test("TE-5: after signing out the ways back to the dashboard end at the sign-in page", async () => {
    const { page, user } = await signedIn();
    await page.goto("/dashboard");
    await signOut(page);
    await page.getByRole("link", { name: "Gatehouse" }).click();
    await page.waitForURL("/");
    await expectNothingPrivate(page, user);
    await page.goto("/dashboard");
    await expectNothingPrivate(page, user);
    expect(await heading(page).isVisible()).toBe(true);
  });

  test("TE-5: after signing out in one tab a link in another shows nothing of mine", async () => {
    const { context, page, user } = await signedIn();
    await page.goto("/dashboard");
    const second = await context.newPage();
    await second.goto("/");
    await signOut(page);
    await second.getByRole("link", { name: "Go to the dashboard" }).click();
    await heading(second).waitFor();
    await expectNothingPrivate(second, user);
  });

  test("TE-5: after signing out in one tab a reload of another shows nothing of mine", async () => {
    const { context, page, user } = await signedIn();
    await page.goto("/dashboard");
    const second = await context.newPage();
    await second.goto("/dashboard");
    await signOut(page);
    await second.reload();
    await expectNothingPrivate(second, user);
    expect(await heading(second).isVisible()).toBe(true);
  });
});

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
}

// Neither in sight nor in what scripts of the page hold.
async function expectNothingPrivate(page: Page, { username }: TestUser): Promise<void> {
  await page.waitForLoadState();
  expect(await page.content()).not.toContain(username);
}

async function endReasons(user: TestUser): Promise<unknown[]> {
  const found = await rows("SELECT end_reason FROM sessions WHERE user_id = ?", [user.id]);
  return found.map((row) => row.end_reason);
}

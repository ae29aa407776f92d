import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { BRAND } from "@/lib/brand";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { heading, sessionCookies } from "@/tests/support/sign-in-page";
import { change, rows } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const SIGNED_IN_PAGES = ["/", "/dashboard"];

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function signedIn({ javaScriptEnabled = true } = {}) {
    const user = await newUser();
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await (await signInAs(user)).addTo(visit.context, app().origin);
    return { user, ...visit };
  }

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    test.each(SIGNED_IN_PAGES)(
      "TE-2: on %s is a button that signs me out and says so",
      async (path) => {
        const { page, user } = await signedIn({ javaScriptEnabled });
        await page.goto(path);
        await signOut(page, user);
        expect(page.url()).toBe(`${app().origin}/sign-in?reason=signed_out`);
        await page.getByText("You are signed out.").waitFor();
        await heading(page).waitFor();
      },
    );

    test("CK-5: after signing out the browser keeps no session cookie, and the row says why", async () => {
      const { context, page, user } = await signedIn({ javaScriptEnabled });
      await page.goto("/dashboard");
      await signOut(page, user);
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
      await signOut(page, user);
      expect(await heading(page).isVisible()).toBe(true);
      expect(await sessionCookies(context)).toEqual([]);
      expect(await endReasons(user)).toEqual(["revoked"]);
    });

    test("TE-5: after signing out Back, three times, shows nothing of mine", async () => {
      const { page, user } = await signedIn({ javaScriptEnabled });
      for (const path of ["/dashboard", "/", "/dashboard?again"]) await page.goto(path);
      await signOut(page, user);
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
    await signOut(page, user);
    await page.goBack();
    await expectNothingPrivate(page, user);
    await page.goBack();
    await expectNothingPrivate(page, user);
  });

  test("TE-5: after signing out the ways back to the dashboard end at the sign-in page", async () => {
    const { page, user } = await signedIn();
    await page.goto("/dashboard");
    await signOut(page, user);
    await page.getByRole("link", { name: BRAND.name }).click();
    await page.waitForURL("/");
    await expectNothingPrivate(page, user);
    await page.goto("/dashboard");
    await expectNothingPrivate(page, user);
    expect(await heading(page).isVisible()).toBe(true);
  });

  test("TE-5: after signing out in one tab Back in another shows nothing of mine", async () => {
    const { context, page, user, expectTrouble } = await signedIn();
    const second = await context.newPage();
    await second.goto("/dashboard");
    await second.goto("/nothing-here");
    expectTrouble(/404/);
    await page.goto("/dashboard");
    await signOut(page, user);
    await second.goBack();
    await expectNothingPrivate(second, user);
  });

  test("TE-5: after signing out in one tab a link in another shows nothing of mine", async () => {
    const { context, page, user } = await signedIn();
    await page.goto("/dashboard");
    const second = await context.newPage();
    // It hears of nothing: else it would leave by itself.
    await second.addInitScript(() => {
      Object.defineProperty(BroadcastChannel.prototype, "onmessage", { set() {} });
    });
    await second.goto("/");
    await signOut(page, user);
    await second.getByRole("link", { name: "Go to the dashboard" }).click();
    await heading(second).waitFor();
    await expectNothingPrivate(second, user);
  });

  test("TE-5: after signing out in one tab a reload of another shows nothing of mine", async () => {
    const { context, page, user } = await signedIn();
    await page.goto("/dashboard");
    const second = await context.newPage();
    await second.goto("/dashboard");
    await signOut(page, user);
    await second.reload();
    await expectNothingPrivate(second, user);
    expect(await heading(second).isVisible()).toBe(true);
  });
});

async function signOut(page: Page, user: TestUser): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await expectNothingPrivate(page, user);
}

// Neither in sight nor in the document's scripts. Asked until it is so: an answer that leads on
// to the sign-in page, and that page's own document, come a moment later.
async function expectNothingPrivate(page: Page, { username }: TestUser): Promise<void> {
  await expect.poll(() => holds(page, username), { timeout: 20_000 }).toBe(false);
  await page.waitForLoadState();
}

async function holds(page: Page, text: string): Promise<boolean> {
  // While the next document takes the place of this one there is nothing to read.
  return page.content().then(
    (content) => content.includes(text),
    () => true,
  );
}

async function endReasons(user: TestUser): Promise<unknown[]> {
  const found = await rows("SELECT end_reason FROM sessions WHERE user_id = ?", [user.id]);
  return found.map((row) => row.end_reason);
}

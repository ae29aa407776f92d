import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser, PASSWORD, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onFirefox, onPhone } from "@/tests/support/devices";
import { makeProofOld } from "@/tests/support/people";
import { heading } from "@/tests/support/sign-in-page";
import { rowOf } from "@/tests/support/signed-in";
import { change, number } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const PATH = "/account/sessions";
const NOBODY_ELSE = "No other browser is signed in to your account.";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  async function open(javaScriptEnabled = true, prepare?: (user: TestUser) => Promise<unknown>) {
    const user = await newUser();
    const visit = await chromium.visit(app(), { javaScriptEnabled });
    await (await signInAs(user)).addTo(visit.context, app().origin);
    await prepare?.(user);
    await visit.page.goto(PATH);
    return { ...visit, user };
  }

  const live = (page: Page) => page.getByRole("region", { name: "Signed in now" });
  // Not what a row lists in itself: from where else it was used.
  const rowsOf = (page: Page) => live(page).getByRole("list").first().locator("> li");
  const endOf = (page: Page, device: string) =>
    page.getByRole("button", { name: new RegExp(`^End.*${device}`) });

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    test("TE-8: I see where I am signed in: this browser first and marked, each in words", async () => {
      const { page } = await open(javaScriptEnabled, async (user) => {
        await onPhone(user);
        await onFirefox(user);
      });
      const words = await rowsOf(page).allInnerTexts();
      expect(words[0]).toMatch(/Unknown device\s*This device.*Active now.*127\.0\.0\.1/s);
      expect(words[1]).toMatch(/Firefox 144 on Windows.*192\.0\.2\.7/s);
      expect(words[2]).toMatch(/Safari 18 on iPhone.*2001:db8::9/s);
      expect(await endOf(page, "Unknown device").count()).toBe(0);
    });

    test("TE-8: I end one, and it is told that it was", async () => {
      const { page, user } = await open(javaScriptEnabled, onPhone);
      const other = await chromium.visit(app(), { javaScriptEnabled });
      await (await signInAs(user)).addTo(other.context, app().origin);
      await page.reload();
      await endOf(page, "Unknown device").click();
      await page.getByText("That session has ended").waitFor();
      await rowsOf(page).nth(1).getByText("Safari 18 on iPhone").first().waitFor();
      expect(await rowsOf(page).count()).toBe(2);
      await page.getByText("Ended from another device").waitFor();
      await other.page.goto("/dashboard");
      await heading(other.page).waitFor();
      await other.page.getByText("This session was ended from another device of yours.").waitFor();
    });

    test("TE-8: I end all others: my password is asked for first, and then it is done", async () => {
      const { page, user } = await open(javaScriptEnabled, async (person) => {
        await onFirefox(person);
        await onPhone(person);
        await makeProofOld(person);
      });
      const sessions = () =>
        number("SELECT count(*) FROM sessions WHERE user_id = ? AND ended_at IS NULL", [user.id]);
      await page.getByRole("button", { name: "End all 2 others" }).click();
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      expect(await sessions()).toBe(3);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(PATH);
      await page.getByRole("button", { name: "End all 2 others" }).click();
      await page.getByText("2 sessions were ended.").waitFor();
      await page.getByText(NOBODY_ELSE).waitFor();
      expect(await sessions()).toBe(1);
    });

    test("TE-13: I end one of the others: my password is asked for first, and then it is done", async () => {
      const { page, user } = await open(javaScriptEnabled, async (person) => {
        await onPhone(person);
        await makeProofOld(person);
      });
      const sessions = () =>
        number("SELECT count(*) FROM sessions WHERE user_id = ? AND ended_at IS NULL", [user.id]);
      await endOf(page, "iPhone").click();
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      expect(await sessions()).toBe(2);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(PATH);
      await endOf(page, "iPhone").click();
      await page.getByText("That session has ended").waitFor();
      expect(await sessions()).toBe(1);
    });

    test("the page tells of the last end alone", async () => {
      const { page } = await open(javaScriptEnabled, async (user) => {
        await onFirefox(user);
        await onPhone(user);
      });
      await endOf(page, "iPhone").click();
      await page.getByText("That session has ended").waitFor();
      await page.getByRole("button", { name: "End the other session" }).click();
      await page.getByText("One session was ended.").waitFor();
      expect(await page.getByText("That session has ended").count()).toBe(0);
    });

    test("TE-10, AZ-4: a forged handle ends nobody else's session", async () => {
      const victim = await newUser();
      const id = await onFirefox(victim);
      const { page } = await open(javaScriptEnabled, onPhone);
      await page
        .locator("input[name=id]")
        .evaluate((input, handle) => input.setAttribute("value", handle), id);
      await endOf(page, "iPhone").click();
      await page.getByText("That isn’t one of your sessions").waitFor();
      expect((await rowOf(id))?.ended_at).toBeNull();
    });
  });

  test("TE-8: a row goes as soon as I press, and an error brings it back and says why", async () => {
    const { page, expectTrouble } = await open(true, onPhone);
    expectTrouble(/Failed to load resource/);
    const { promise: seen, resolve: goOn } = Promise.withResolvers<void>();
    await page.route(`**${PATH}`, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await seen;
      await route.abort();
    });
    await endOf(page, "iPhone").click();
    await endOf(page, "iPhone").waitFor({ state: "hidden" });
    goOn();
    await page.getByText("We could not be reached, so nothing was ended.").waitFor();
    await endOf(page, "iPhone").waitFor({ state: "visible" });
  });

  test("WCAG 2.4.3: after I end one by keyboard the focus is on what came of it", async () => {
    const { page } = await open(true, onPhone);
    await endOf(page, "iPhone").focus();
    await page.keyboard.press("Enter");
    await page.getByText("That session has ended").waitFor();
    await expect.poll(() => page.locator(":focus").innerText()).toContain("That session has ended");
  });

  test("LG-3: I see failed tries to sign in as me, and nobody else's", async () => {
    const stranger = await newUser();
    const fail = ({ id }: TestUser, address: string) =>
      change(
        "INSERT INTO events (at, type, user_id, ip_address, user_agent) VALUES (utc_timestamp(3), 'sign_in_failed', ?, ?, 'curl/8')",
        [id, address],
      );
    await fail(stranger, "203.0.113.66");
    const { page } = await open(false, (user) => fail(user, "203.0.113.5"));
    const failures = page.getByRole("region", { name: "Failed sign-ins" });
    await failures.getByText("203.0.113.5").waitFor();
    expect(await page.content()).not.toContain("203.0.113.66");
  });

  test("TE-8: with nothing to show each list says so", async () => {
    const { page } = await open(false);
    await page.getByText(NOBODY_ELSE).waitFor();
    await page.getByText("Nobody has tried to sign in as you and failed.").waitFor();
    await page.getByText("None of your sessions has ended lately.").waitFor();
    expect(await page.getByRole("button", { name: /^End/ }).count()).toBe(0);
  });
});

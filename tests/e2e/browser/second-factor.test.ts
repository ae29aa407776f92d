import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { findings } from "@/tests/support/accessible";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onPhone } from "@/tests/support/devices";
import { codeOf, giveApp } from "@/tests/support/factors";
import { makeProofOld } from "@/tests/support/people";
import { submit } from "@/tests/support/sign-in-page";
import { number } from "@/tests/support/sql";
import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const chromium = chromiumForFile();
const STEP_MS = 30_000;

const form = (page: Page, name: string) => page.getByRole("form", { name });
const give = async (page: Page, name: string, code: string) => {
  await form(page, name).getByLabel(/code/i).fill(code);
  await form(page, name).getByRole("button").click();
};
const secretOn = async (page: Page) =>
  (await page.locator("form code").innerText()).replaceAll(" ", "");
const codesOn = (page: Page) =>
  page.getByRole("region", { name: "Your recovery codes" }).getByRole("listitem").allInnerTexts();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    const visit = () => chromium.visit(app(), { javaScriptEnabled });

    async function signedIn(path: string) {
      const user = await newUser();
      const visited = await visit();
      await (await signInAs(user)).addTo(visited.context, app().origin);
      await visited.page.goto(path);
      return { ...visited, user };
    }

    test("MF-1, MF-3, MF-4: I set an app up, keep my codes, sign in by both, and take it away again", async () => {
      const { page, user } = await signedIn("/account");
      const other = await onPhone(user);
      await page.getByRole("link", { name: "Set up or change" }).click();
      await page.waitForURL("/account/factors");
      await page.getByRole("img", { name: "The secret below, as a QR code" }).waitFor();
      const secret = await secretOn(page);
      await give(page, "Set up an authenticator app", "000000");
      await page.getByText("That code isn’t the one your app should show now.").waitFor();
      // The app has it already.
      expect(await secretOn(page)).toBe(secret);
      await give(page, "Set up an authenticator app", codeOf(secret));
      await page.getByText("Your authenticator app is set up.").waitFor();
      const codes = await codesOn(page);
      expect(codes).toHaveLength(10);
      expect(
        await number(
          "SELECT COUNT(*) FROM sessions WHERE id = UNHEX(?) AND end_reason = 'factor_changed'",
          [other.replaceAll("-", "")],
        ),
      ).toBe(1);
      await page.goto("/account/factors");
      expect(await page.content()).not.toContain(codes[0]);

      const elsewhere = await visit();
      await elsewhere.page.goto("/sign-in?returnTo=%2Faccount");
      await submit(elsewhere.page, user.username);
      await elsewhere.page.waitForURL("/sign-in/second-factor");
      await elsewhere.page.getByLabel("Code").fill("123456");
      await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
      await elsewhere.page.getByText("That code isn’t right, or was used before.").waitFor();
      await elsewhere.page.getByLabel("Code").fill(codes[0]?.replaceAll("-", " ") ?? "");
      await elsewhere.page.getByRole("button", { name: "Sign in" }).click();
      await elsewhere.page.waitForURL("/account");
      await elsewhere.page.getByText("You used one of your recovery codes.").waitFor();

      await page.reload();
      await page.getByText("9 codes are left.").waitFor();
      await give(page, "Make new recovery codes", codes[1] ?? "");
      await page.getByText("These are your new recovery codes.").waitFor();
      const [fresh = "", again = ""] = await codesOn(page);
      expect(codes).not.toContain(fresh);
      await give(page, "Remove the authenticator app", codes[2] ?? "");
      await page.getByText("That code isn’t right, or was used before.").waitFor();
      await give(page, "Remove the authenticator app", again);
      await page.getByText("Your authenticator app was removed.").waitFor();
      await form(page, "Set up an authenticator app").waitFor();
    });

    test("MF-25: a browser that I trust is not asked again, until I have it asked", async () => {
      const user = await newUser();
      const phone = await giveApp(user);
      const { page, context } = await visit();
      await page.goto("/sign-in");
      await submit(page, user.username);
      await page.getByLabel("Code").fill(phone.code());
      await page.getByLabel("Do not ask again here for 30 days").check();
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("/dashboard");
      const signInAgain = async () => {
        await context.clearCookies({ name: "session" });
        await page.goto("/sign-in?returnTo=%2Faccount%2Fsessions");
        await submit(page, user.username);
      };
      await signInAgain();
      await page.waitForURL("/account/sessions");
      const card = page.getByRole("region", { name: "Not asked for the second factor" });
      await card.getByRole("button", { name: /Ask again/ }).click();
      await card.waitFor({ state: "detached" });
      await signInAgain();
      await page.waitForURL("/sign-in/second-factor");
    });

    test("AU-10: I confirm that it is me by a code", async () => {
      const user = await newUser();
      const phone = await giveApp(user);
      const { page, context } = await visit();
      const withApp = { ...user, factorsChangedAt: phone.since };
      const session = await signInAs(withApp, { methods: ["password", "totp"] });
      await session.addTo(context, app().origin);
      await makeProofOld(user);
      await page.goto("/reauthenticate?returnTo=%2Faccount%3Ftab%3D1");
      await give(page, "Confirm it is you by a code", "000000");
      await page.getByText("That code isn’t right, or was used before.").waitFor();
      await give(page, "Confirm it is you by a code", phone.code());
      await page.waitForURL("/account?tab=1");
    });
  });
});

const ofNow = appOf("with the middleware");

test("WCAG: the page of the second factor has no findings before, at its codes and after", async () => {
  const user = await newUser();
  const { page, context } = await chromium.visit(ofNow(), { reducedMotion: "reduce" });
  await (await signInAs(user)).addTo(context, ofNow().origin);
  await page.goto("/account/factors");
  expect(await findings(page)).toEqual([]);
  const secret = await secretOn(page);
  await give(page, "Set up an authenticator app", codeOf(secret));
  await page.getByText("Your authenticator app is set up.").waitFor();
  expect(await findings(page)).toEqual([]);
  await give(page, "Make new recovery codes", codeOf(secret, new Date(Date.now() - STEP_MS)));
  await page.getByText("That code isn’t right, or was used before.").waitFor();
  expect(await findings(page)).toEqual([]);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("code");
});

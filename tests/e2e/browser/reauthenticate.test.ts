import { describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { makeProofOld } from "@/tests/support/people";

import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    async function open(path: string) {
      const user = await newUser();
      const visit = await chromium.visit(app(), { javaScriptEnabled });
      await (await signInAs(user)).addTo(visit.context, app().origin);
      await makeProofOld(user);
      await visit.page.goto(path);
      return { ...visit, user };
    }

    test("AU-10: I give my password once more, mistype it first, and am led back", async () => {
      const { page, user } = await open("/reauthenticate?returnTo=%2Faccount%3Ftab%3D1");
      const field = page.getByLabel("Password", { exact: true });
      await page.getByText(user.email).first().waitFor();
      await field.fill("not my password");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByText("That is not your password.").waitFor();
      expect(await field.inputValue()).toBe("");
      await field.fill(PASSWORD);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL("/account?tab=1");
    });

    test("AU-10: it is not me: I sign out from there", async () => {
      const { page } = await open("/reauthenticate");
      await page.getByRole("button", { name: "Not you? Sign out" }).click();
      await page.getByText("You are signed out.").waitFor();
      expect(new URL(page.url()).pathname).toBe("/sign-in");
    });
  });
});

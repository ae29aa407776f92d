import { describe, expect, test } from "vitest";
import { newUser, PASSWORD } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { NEW_PASSWORD, PASSWORD_PAGE } from "@/tests/support/account-pages";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import {
  confirmPassword,
  currentPassword,
  newPassword,
  strength,
  submit,
} from "@/tests/support/password-page";

import { appOf, STORY_BUILDS, scripting } from "@/tests/support/two-builds";

const CHANGED = "Your password is changed. You are signed out everywhere else.";
const WRONG = "That is not your current password.";

const chromium = chromiumForFile();

describe.each(STORY_BUILDS)("%s", (build) => {
  const app = appOf(build);

  describe.each(scripting(build))("%s", (_, javaScriptEnabled) => {
    const open = async (user: Awaited<ReturnType<typeof newUser>>) => {
      const visit = await chromium.visit(app(), { javaScriptEnabled });
      await (await signInAs(user)).addTo(visit.context, app().origin);
      await visit.page.goto(PASSWORD_PAGE);
      return visit;
    };

    test("TE-7: I change my password here; the other browser is signed out and told why", async () => {
      const user = await newUser();
      const [here, there] = [await open(user), await open(user)];
      await submit(here.page, { current: PASSWORD, next: NEW_PASSWORD });
      await here.page.getByText(CHANGED).waitFor();
      await there.page.goto("/dashboard");
      expect(new URL(there.page.url()).pathname).toBe("/sign-in");
      await there.page.getByText("Your password was changed.").waitFor();
      await here.page.goto("/dashboard");
      expect(await here.page.getByRole("heading", { level: 1 }).textContent()).toContain(user.name);
    });

    test("PW-6: a wrong old password is said beside its field, and no password comes back", async () => {
      const { page } = await open(await newUser());
      await submit(page, { current: "not my password", next: NEW_PASSWORD });
      await page.getByText(WRONG).waitFor();
      for (const field of [currentPassword, newPassword, confirmPassword])
        expect(await field(page).inputValue()).toBe("");
    });
  });
});

describe("while I type", () => {
  const app = appOf("with the middleware");

  async function open() {
    const user = await newUser();
    const visit = await chromium.visit(app());
    await (await signInAs(user)).addTo(visit.context, app().origin);
    await visit.page.goto(PASSWORD_PAGE);
    return { ...visit, user };
  }

  test("PW-7: a new password is called short, then weak, then strong", async () => {
    const { page, user } = await open();
    const says = async (password: string, words: string) => {
      await newPassword(page).fill(password);
      await strength(page).getByText(words).waitFor();
    };
    await says("tulip", "Too short so far");
    await says("password1password1", "asy to guess");
    await says(`${user.username}@example.com`, "Too short so far");
    await says("x".repeat(300), "Too long");
    await says("nine bees in a paper hat", "Strong: very hard to guess");
    await newPassword(page).fill("");
    await expect.poll(() => strength(page).textContent()).toBe("");
  });

  test("PW-7: what is said is read out politely, and nothing moves for it", async () => {
    const { page } = await open();
    const button = page.getByRole("button", { name: "Change password" });
    const before = await button.boundingBox();
    await newPassword(page).fill(NEW_PASSWORD);
    await strength(page).getByText("Strong").waitFor();
    expect(await button.boundingBox()).toEqual(before);
    expect(await strength(page).getAttribute("role")).toBe("status");
  });

  test("the estimator comes only when I type a new password", async () => {
    const { page, context } = await open();
    const bytes = { loaded: 0 };
    await page.waitForLoadState("networkidle");
    context.on("response", async (response) => {
      if (response.url().endsWith(".js")) bytes.loaded += (await response.body()).length;
    });
    await currentPassword(page).fill(PASSWORD);
    await page.waitForLoadState("networkidle");
    expect(bytes.loaded).toBe(0);
    await newPassword(page).fill(NEW_PASSWORD);
    await strength(page).getByText("Strong").waitFor();
    expect(bytes.loaded).toBeGreaterThan(300_000);
  });

  test("PW-7: without the estimator I can still change my password", async () => {
    const { page, expectTrouble } = await open();
    await page.route("**/*.js", (route) => route.abort());
    expectTrouble(/ERR_FAILED/);
    await submit(page, { current: PASSWORD, next: NEW_PASSWORD });
    await page.getByText(CHANGED).waitFor();
  });

  test("PW-7: I can paste both, look at what I typed, and the fields say what they are", async () => {
    const { page, context, user } = await open();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), NEW_PASSWORD);
    for (const field of [newPassword(page), confirmPassword(page)]) {
      await field.focus();
      await page.keyboard.press("Control+V");
      expect(await field.inputValue()).toBe(NEW_PASSWORD);
      expect(await field.getAttribute("autocomplete")).toBe("new-password");
    }
    await page.getByRole("button", { name: "Show password" }).nth(1).click();
    expect(await newPassword(page).getAttribute("type")).toBe("text");
    expect(await currentPassword(page).getAttribute("autocomplete")).toBe("current-password");
    expect(await page.locator('[autocomplete="username"]').inputValue()).toBe(user.username);
  });

  test("after an answer I am on the field that is to be mended, and it is read out why", async () => {
    const { page } = await open();
    await submit(page, { current: PASSWORD, next: "qwertyuiopasdfg" });
    await page.getByText("tried first").waitFor();
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("name")).toBe("newPassword");
    const ids = (await focused.getAttribute("aria-describedby")) ?? "";
    const said = await page.locator(`[id="${ids.split(" ").at(-1)}"]`).textContent();
    expect(said).toContain("tried first");
  });

  test("after the change the form is empty, and can be sent again", async () => {
    const { page } = await open();
    await submit(page, { current: PASSWORD, next: NEW_PASSWORD });
    await page.getByText(CHANGED).waitFor();
    expect(await page.locator(":focus").textContent()).toBe(CHANGED);
    for (const field of [currentPassword, newPassword, confirmPassword])
      expect(await field(page).inputValue()).toBe("");
    await submit(page, { current: NEW_PASSWORD, next: `${NEW_PASSWORD} again` });
    await page.getByText(CHANGED).waitFor();
    expect(await page.getByText(WRONG).count()).toBe(0);
  });
});

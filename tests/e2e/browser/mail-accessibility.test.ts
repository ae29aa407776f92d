// The pages of mail, for whoever sees, reads or moves differently.
import type { Page } from "playwright";
import { beforeAll, expect, test } from "vitest";
import { inTransaction } from "@/lib/db/transaction";
import { issueToken } from "@/lib/mail/one-time-tokens";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { findings, overhangs } from "@/tests/support/accessible";
import { NEW_PASSWORD } from "@/tests/support/account-pages";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { type SharedApp, sharedApp } from "@/tests/support/running-app";

const chromium = chromiumForFile();

let app: SharedApp;
beforeAll(async () => {
  app = await sharedApp({ SIGN_UP: "open" });
});

const LINKS = {
  "/reset-password": "password_reset",
  "/verify-email": "email_verification",
  "/invitation": "invitation",
  "/not-me": "not_me",
  "/take-back": "take_back",
} as const;

async function linkOf({ id: userId, email }: TestUser, path: keyof typeof LINKS) {
  const purpose = LINKS[path];
  const { value } = await inTransaction((transaction) =>
    issueToken(transaction, { purpose, userId, email }, new Date()),
  );
  return `${path}?token=${value}`;
}

async function expectAccessible(page: Page, path: string) {
  await page.goto(path);
  expect(await findings(page)).toEqual([]);
  expect(await overhangs(page)).toEqual([]);
}

// A colour on its way to another has the contrast of neither.
const visit = () => chromium.visit(app, { reducedMotion: "reduce" });

test.each(["/forgot-password?sent=1", "/sign-up", "/verify-email", "/reset-password"])(
  "WCAG: %s has no findings, light and dark, and never scrolls sideways",
  async (path) => {
    await expectAccessible((await visit()).page, path);
  },
);

test.each(Object.keys(LINKS) as (keyof typeof LINKS)[])(
  "WCAG: %s has no findings with a link that works, light and dark, and never scrolls sideways",
  async (path) => {
    await expectAccessible((await visit()).page, await linkOf(await newUser(), path));
  },
);

test.each(["/account/email?sent=1", "/account/delete", "/dev/mail"])(
  "WCAG: %s has no findings for who is signed in, light and dark, and never scrolls sideways",
  async (path) => {
    const { page, context } = await visit();
    const user = await newUser();
    // So that there is a mail to look at, and a new device to be asked about.
    for (const _ of ["known", "new"]) await (await signInAs(user)).addTo(context, app.origin);
    await expectAccessible(page, path);
  },
);

test("WCAG 2.1.1: by keyboard alone I set a new password by a mail's link", async () => {
  const { page } = await visit();
  await page.goto(await linkOf(await newUser(), "/reset-password"));
  await page.getByLabel("New password", { exact: true }).focus();
  await page.keyboard.type(NEW_PASSWORD);
  for (const _ of ["show it", "once more"]) await page.keyboard.press("Tab");
  await page.keyboard.type(`${NEW_PASSWORD} no`);
  await page.keyboard.press("Enter");
  await page.getByText("This is not the same").waitFor();
  expect(await page.locator(":focus").getAttribute("name")).toBe("confirmPassword");
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel("New password, once more").focus();
  await page.keyboard.type(NEW_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText("A new password was set.").waitFor();
});

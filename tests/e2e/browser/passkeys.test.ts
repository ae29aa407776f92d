import type { BrowserContext, Page } from "playwright";
import { describe, expect, test } from "vitest";
import { newUser, type TestUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { findings } from "@/tests/support/accessible";
import { chromiumForFile } from "@/tests/support/chromium-pages";
import { onPhone } from "@/tests/support/devices";
import { makeProofOld } from "@/tests/support/people";
import { submit } from "@/tests/support/sign-in-page";
import { number, rows } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";

const chromium = chromiumForFile();
const app = appOf("with the middleware");

/** Gives a browser an authenticator of its own, whose owner is there and shows a finger. */
async function withAuthenticator(context: BrowserContext, page: Page) {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether its owner shows a finger from now on. */
    verifies: (isUserVerified: boolean) =>
      devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

async function withPasskey() {
  const user = await newUser();
  const { context, page } = await chromium.visit(app(), { reducedMotion: "reduce" });
  const authenticator = await withAuthenticator(context, page);
  await (await signInAs(user)).addTo(context, app().origin);
  await page.goto("/account/factors");
  await page.getByLabel("Name of the new passkey").fill("My laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Your passkey was added.").waitFor();
  return { user, context, page, authenticator };
}

const signOut = (context: BrowserContext) => context.clearCookies();
const methodsOf = async ({ id }: TestUser) =>
  (await rows("SELECT methods FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT 1", [id]))[0]
    ?.methods;

describe("MF-23: a passkey", () => {
  test("is added, shown, named and removed; the page has no findings", async () => {
    const { user, page } = await withPasskey();
    const codes = page.getByRole("region", { name: "Your recovery codes" }).getByRole("listitem");
    expect(await codes.count()).toBe(10);
    const [row] = await rows("SELECT factors_changed_at FROM users WHERE id = ?", [user.id]);
    const other = await onPhone({ ...user, factorsChangedAt: row?.factors_changed_at });
    expect(await findings(page)).toEqual([]);
    await page.getByRole("form", { name: "Rename My laptop" }).getByLabel("Name").fill("Desk");
    await page.getByRole("button", { name: "Save the name of My laptop" }).click();
    await page.getByText("Your passkey has its new name.").waitFor();
    await page.getByRole("button", { name: "Remove Desk" }).click();
    await page.getByText("Your passkey was removed.").waitFor();
    expect(await number("SELECT COUNT(*) FROM passkeys WHERE user_id = ?", [user.id])).toBe(0);
    const ended =
      "SELECT COUNT(*) FROM sessions WHERE id = UNHEX(?) AND end_reason = 'factor_changed'";
    expect(await number(ended, [other.replaceAll("-", "")])).toBe(1);
  });

  test("MF-4: whoever knows the password alone is led to a factor before adding one", async () => {
    const { user, context, page } = await withPasskey();
    const [row] = await rows("SELECT factors_changed_at FROM users WHERE id = ?", [user.id]);
    const byPassword = await signInAs({ ...user, factorsChangedAt: row?.factors_changed_at });
    await byPassword.addTo(context, app().origin);
    await page.goto("/account/factors");
    expect(await page.getByRole("button", { name: "Add a passkey" }).count()).toBe(0);
    expect(await page.getByRole("form", { name: "Set up an authenticator app" }).count()).toBe(0);
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: "prove it’s you with one that you have" }).click();
    await page.waitForURL(/reauthenticate/);
    await page.getByRole("button", { name: /passkey/i }).click();
    await page.waitForURL("/account/factors");
    await page.getByRole("button", { name: "Add a passkey" }).waitFor();
    await page.getByRole("form", { name: "Set up an authenticator app" }).waitFor();
  });

  test("signs in with nothing typed, by the button and by the keyboard", async () => {
    const { user, context, page, authenticator } = await withPasskey();
    await signOut(context);
    // Else the field's offer would be taken first.
    await authenticator.verifies(false);
    await page.goto("/sign-in?returnTo=%2Faccount");
    await page.waitForLoadState("networkidle");
    await authenticator.verifies(true);
    const button = page.getByRole("button", { name: "Use a passkey" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("/account");
    expect(await methodsOf(user)).toEqual(["passkey"]);
  });

  test("is offered by the field of the user name", async () => {
    const { user, context, page } = await withPasskey();
    await signOut(context);
    await page.goto("/sign-in?returnTo=%2Faccount");
    await page.waitForLoadState("networkidle");
    expect((await context.cookies()).map(({ name }) => name)).toEqual([]);
    // The virtual authenticator picks it at once, as whoever taps on the offer would.
    await page.getByLabel("User name or email").click();
    await page.waitForURL("/account");
    expect(await methodsOf(user)).toEqual(["passkey"]);
    await page.goto("/account/factors");
    await page.getByText(/used/).first().waitFor();
  });

  test("is the second factor after a password", async () => {
    const { user, context, page, authenticator } = await withPasskey();
    await signOut(context);
    await authenticator.verifies(false);
    await page.goto("/sign-in?returnTo=%2Faccount");
    await submit(page, user.username);
    await page.waitForURL("/sign-in/second-factor");
    await authenticator.verifies(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL("/account");
    expect(await methodsOf(user)).toEqual(["password", "passkey"]);
  });

  test("confirms that it is me, and nobody without the finger", async () => {
    const { user, page, authenticator } = await withPasskey();
    await makeProofOld(user);
    await page.goto("/reauthenticate?returnTo=%2Faccount%3Ftab%3D1");
    await authenticator.verifies(false);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("Your browser gave no passkey.").waitFor();
    expect(await findings(page)).toEqual([]);
    await authenticator.verifies(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL("/account?tab=1");
    expect(await methodsOf(user)).toEqual(["passkey"]);
  });
});

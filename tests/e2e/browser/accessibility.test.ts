import { describe, expect, test } from "vitest";
import { BRAND } from "@/lib/brand";
import { newUser } from "@/tests/helpers/people";
import { signInAs } from "@/tests/helpers/sessions";
import { findings, overhangs } from "@/tests/support/accessible";
import { NEW_PASSWORD, PASSWORD_PAGE } from "@/tests/support/account-pages";
import { chromiumForFile, type Visit } from "@/tests/support/chromium-pages";
import { newPassword, strength, submit as submitPasswords } from "@/tests/support/password-page";
import { makeProofOld } from "@/tests/support/people";
import { form, identifier, password, staySignedIn, submit } from "@/tests/support/sign-in-page";
import { change } from "@/tests/support/sql";
import { appOf } from "@/tests/support/two-builds";

const chromium = chromiumForFile();
const app = appOf("with the middleware");

async function signedIn(visit: Visit, path: string) {
  await (await signInAs(await newUser())).addTo(visit.context, app().origin);
  await visit.page.goto(path);
}

async function broken({ page, expectTrouble }: Visit) {
  expectTrouble(/500/);
  // The server's error as React hands it on in the browser: without a word of it.
  expectTrouble(/React error #441/);
  await page.goto("/sign-in");
  await change("RENAME TABLE users TO users_away");
  try {
    await submit(page, "anybody");
    await page.getByRole("heading", { name: "Something went wrong" }).waitFor();
  } finally {
    await change("RENAME TABLE users_away TO users");
  }
}

const PAGES: [string, (visit: Visit) => Promise<unknown>][] = [
  ["the start page of a stranger", ({ page }) => page.goto("/")],
  ["the start page of a user", (visit) => signedIn(visit, "/")],
  ["the sign-in page", ({ page }) => page.goto("/sign-in")],
  ["the sign-in page with a reason", ({ page }) => page.goto("/sign-in?reason=revoked")],
  [
    "the sign-in page after a wrong password",
    async ({ page }) => {
      await page.goto("/sign-in");
      await submit(page, "nobody-has-this-name");
      await form(page).getByRole("alert").waitFor();
    },
  ],
  ["the dashboard", (visit) => signedIn(visit, "/dashboard")],
  ["my account", (visit) => signedIn(visit, "/account")],
  [
    "the page of my password after a wrong one, while I type anew",
    async (visit) => {
      await signedIn(visit, PASSWORD_PAGE);
      await submitPasswords(visit.page, { current: "not mine", next: NEW_PASSWORD });
      await visit.page.getByText("not your current password").waitFor();
      await newPassword(visit.page).fill(NEW_PASSWORD);
      await strength(visit.page).getByText("Strong").waitFor();
    },
  ],
  [
    "the page that asks for my password again",
    async (visit) => {
      const user = await newUser();
      await (await signInAs(user)).addTo(visit.context, app().origin);
      await makeProofOld(user);
      await visit.page.goto("/reauthenticate");
    },
  ],
  [
    "the page of an outage",
    ({ page, expectTrouble }) => {
      expectTrouble(/503/);
      return page.goto("/unavailable");
    },
  ],
  [
    "the page that is not there",
    (visit) => {
      visit.expectTrouble(/404/);
      return signedIn(visit, "/nothing-here");
    },
  ],
  ["the page of an error", broken],
];

test("WCAG, 1.4.10: what axe and the widths find is told, in both themes and at each width", async () => {
  const { page } = await chromium.visit(app());
  await page.setContent(`<!doctype html><html lang="en"><title>A page</title>
    <style>
      body { background: #fff; color: #000 } .day { color: #aaa }
      @media (prefers-color-scheme: dark) { .day { color: #000 } .night { color: #aaa } }
    </style>
    <main><h1>A page</h1><p class="day">Pale by day</p><p class="night">Pale by night</p>
      <img src="data:,"><div style="width: 1000px">Wide</div></main>`);
  const found = await findings(page);
  const pale = found.filter((words) => words.includes("color-contrast"));
  expect(pale).toEqual([
    expect.stringMatching(/^light, 360 wide: .*by day/),
    expect.stringMatching(/^dark, 360 wide: .*by night/),
    expect.stringMatching(/^light, 1280 wide: .*by day/),
    expect.stringMatching(/^dark, 1280 wide: .*by night/),
  ]);
  expect(found.filter((words) => words.includes("image-alt"))).toHaveLength(2);
  expect(await overhangs(page)).toHaveLength(3);
});

test.each(PAGES)(
  "WCAG, 1.4.10: %s has no findings, light and dark, on phone and desktop, and never scrolls sideways",
  async (_, open) => {
    // A colour on its way to another has the contrast of neither.
    const visit = await chromium.visit(app(), { reducedMotion: "reduce" });
    await open(visit);
    expect(await findings(visit.page)).toEqual([]);
    expect(await overhangs(visit.page)).toEqual([]);
  },
);

test.each(["/", "/sign-in"])(
  "WCAG 2.3.3: %s does not move where less motion is asked for",
  async (path) => {
    const { page } = await chromium.visit(app(), { reducedMotion: "reduce" });
    await page.goto(path);
    expect(await page.evaluate(moving)).toEqual([]);
  },
);

const MENU = ["Dashboard", "Account", "Password", "Devices"];
const STOPS = ["Skip to content", BRAND.name, ...MENU, "Sign out"];

describe("by keyboard alone", () => {
  test("WCAG 2.4.1: the first stop skips to the content", async () => {
    const { page } = await chromium.visit(app());
    await page.goto("/");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to content");
    expect(await page.locator(":focus").isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.locator("main :focus").textContent()).toBe("Sign in");
  });

  test("WCAG 2.4.3: on the sign-in page the stops come in the order of reading", async () => {
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    const stops = [
      page.getByRole("link", { name: BRAND.name }),
      identifier(page),
      password(page),
      page.getByRole("button", { name: "Show password" }),
      staySignedIn(page),
      form(page).getByRole("button", { name: "Sign in" }),
    ];
    for (const stop of stops) {
      await page.keyboard.press("Tab");
      expect(await stop.evaluate((element) => element === document.activeElement)).toBe(true);
    }
  });

  test("WCAG 2.4.7: each stop of the dashboard shows that it has the focus", async () => {
    const visit = await chromium.visit(app());
    await signedIn(visit, "/dashboard");
    for (const name of STOPS) {
      await visit.page.keyboard.press("Tab");
      const focused = visit.page.locator(":focus");
      expect(await focused.textContent()).toBe(name);
      expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe(
        "solid",
      );
    }
  });

  test("WCAG 2.1.1: I sign in and out again", async () => {
    const user = await newUser();
    const { page } = await chromium.visit(app());
    await page.goto("/sign-in");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(user.username);
    await page.keyboard.press("Tab");
    await page.keyboard.type(user.password);
    await page.keyboard.press("Enter");
    await page.waitForURL("/dashboard");
    await page.getByRole("button", { name: "Sign out" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("You are signed out.").waitFor();
  });
});

// Runs in the page: what would fade or slide.
function moving(): string[] {
  return [...document.querySelectorAll("*")]
    .filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration);
    })
    .map((element) => element.outerHTML);
}
